"""A city that calls: practice data made by real commands, the same for the same seed."""
