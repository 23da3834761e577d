"""Who must be told what of an order, and telling them: made from the log, sent again until it is taken."""
