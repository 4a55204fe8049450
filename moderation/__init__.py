"""Acts: what people (and rules) order, what became of it, and the record of it."""
