"""Booking during a phone call: one column, by keyboard only."""
