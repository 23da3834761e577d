"""What was done: who did what and when, and taking it back."""
