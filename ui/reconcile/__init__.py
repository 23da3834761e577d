"""Reconciliation for finance: where bills and our books differ, the bills that were read, what providers told."""
