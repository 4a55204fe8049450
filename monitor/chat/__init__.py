"""The chat of all rooms.

views      the pages
searching  what the search page asks for, and what it shows
feed       the newest lines of the live rooms, and what they are filtered by
"""
