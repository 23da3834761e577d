"""Taking over orders from another system's table."""
