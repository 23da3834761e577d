"""Payments by a code: asked of the providers, told by them, and compared with their bills."""
