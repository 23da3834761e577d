"""The backend: one writer, a log, a stream, and the questions desks and phones may ask."""
