"""What the desk lets hear: a tone for each class of exceptions, on a chosen device, and the rules when."""
