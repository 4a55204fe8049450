"""Platform bans: who is banned until when, and what a ban means for a room."""
