"""The plan improver against published instances, made-up field days, and two other solvers."""
