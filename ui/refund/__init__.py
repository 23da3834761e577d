"""Refunds and compensation: what waits for whom, and why money went back."""
