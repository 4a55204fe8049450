"""Who has looked at which room, and what nobody has looked at. The record of looks, and the coverage page."""
