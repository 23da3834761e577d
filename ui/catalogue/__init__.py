"""What a dispatcher tells a caller before anything is booked: what is repaired, how, for how much, and by whom."""
