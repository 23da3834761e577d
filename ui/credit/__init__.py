"""Credit: where technicians stand, step by step, what they appeal against, and what each level brings."""
