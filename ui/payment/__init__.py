"""Paying by a code beside an order: what is owed, the code for the customer's telephone, how each payment stands."""
