"""How long a room may go on, and what keeps an ended one off: time limits, holds, countdowns."""
