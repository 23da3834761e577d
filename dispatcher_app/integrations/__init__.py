"""One thin adapter for each kind of provider outside."""
