"""What the lists of the desk show, kept in step with the replica row by row."""
