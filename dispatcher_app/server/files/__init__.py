"""Photos and videos: taken in, looked at, stored, sealed, shown."""
