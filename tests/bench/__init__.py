"""Figures, measured and printed; nothing here is asserted."""
