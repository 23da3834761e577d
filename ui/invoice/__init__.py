"""Invoices that customers have asked for, worked off by whoever issues them."""
