"""The main window, and what each of its parts needs to be in it."""
