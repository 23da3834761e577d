"""Dispatch center for on-site repair: rules, planning, server and desk."""

__version__ = "0.1.0"
