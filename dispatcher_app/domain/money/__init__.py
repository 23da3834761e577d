"""Money: what was posted, paid, paid back and earned; everything in integer minor units."""
