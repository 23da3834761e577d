"""The technician map: who is where, which order waits where, on a ground that needs no internet."""
