"""What a person has chosen about the look and the words, kept on this computer."""
