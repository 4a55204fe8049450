"""A stand-in for the vendor's live service: another program, with its own wire code and no part of the console."""
