"""The record: what was done, by whom, when and why. Written here and nowhere else, and never changed."""
