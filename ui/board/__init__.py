"""The schedule board: technicians against time, painted by hand because a scene of thousands of items is too slow."""
