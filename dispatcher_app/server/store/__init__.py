"""The only SQL of the backend, the same on SQLite and PostgreSQL."""
