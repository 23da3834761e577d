"""What this desk has done and the server has not answered: saved before it is shown, sent once, never lost."""
