"""The desk: its replica, its outbox and the session that the screens talk to."""
