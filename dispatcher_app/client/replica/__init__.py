"""The disposable copy of what this desk may see, and the only place that asks it questions."""
