"""The chat of all rooms.

views     the pages
feed      the newest lines of the live rooms, and what they are filtered by
"""
