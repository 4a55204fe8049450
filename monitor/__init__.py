"""Screens: pages, sockets, and what belongs to a person's screen. Never facts or acts."""
