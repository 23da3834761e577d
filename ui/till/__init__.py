"""The cashier of a counter: what is to be paid, the money that comes in, and the till it lies in."""
