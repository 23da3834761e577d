"""Help inside the program: the keys, and short topics."""
