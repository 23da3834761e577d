"""Search over time and space: who should go, and which windows can honestly be promised. Pure, no I/O."""
