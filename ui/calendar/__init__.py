"""The calendar: who works when, what of it is taken, what more would fit, and where that is changed."""
