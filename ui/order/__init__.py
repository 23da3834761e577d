"""One order in full: who, where, what, when, who goes, and everything that has happened."""
