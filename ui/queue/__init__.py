"""The live queue: views with counts, filters, the table of orders."""
