"""Reading any table of orders: its rows, what its columns mean, each row as typed fields or reasons."""
