"""The desk's windows: the only place that knows Qt."""
