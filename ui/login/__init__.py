"""Who sits down here, and with which server."""
