"""Administration: lists at the left, a form at the right, drafts with their difference before they are published."""
