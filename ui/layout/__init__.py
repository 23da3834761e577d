"""Where windows and panels stand on the monitors, kept under a name."""
