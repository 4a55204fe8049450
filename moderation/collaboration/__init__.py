"""Work among colleagues: who takes care of a room, notes, escalations, one order for several rooms."""
