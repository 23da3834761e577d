"""One function a command: what must hold, and what is so afterwards."""
