"""The wall: a day on a large screen, read from across the room by whoever passes."""
