"""The planner: finds every promise its place, says which can't be kept, and makes the plan better all the time."""
