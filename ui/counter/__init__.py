"""The counter: devices and walk-ins in at the left, what is in the house at the right."""
