"""What a person can do at the desk: every action once, and when it is possible."""
