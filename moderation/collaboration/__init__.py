"""Work among colleagues: who takes care of a room, notes, escalations."""
