"""The complaint desk: what waits for an answer, each with its timer, and the ticket in hand."""
