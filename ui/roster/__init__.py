"""The technicians: who is there, what they have today, when they work, when they are away."""
