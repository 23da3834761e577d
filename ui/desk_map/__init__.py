"""The map in the main window: the desk's technicians and orders on it, live."""
