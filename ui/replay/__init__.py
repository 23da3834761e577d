"""A day that is over, minute by minute: its slider, its banner, what happened to one order of it."""
