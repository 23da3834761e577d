"""What is printed: receipts and labels, as PDF or on a printer."""
