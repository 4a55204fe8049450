"""What the console does by itself: the rules, what they look for, and what follows from a find."""
