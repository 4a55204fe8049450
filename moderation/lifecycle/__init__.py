"""How long a room may go on, and what keeps an ended one off the air.

limits        time limits of a RoomId: set, extend, take off
holds         after an end the RoomId and its host are ended again until the hold is over
host_clock    how long a host has been absent
countdowns    the clocks that rows and pages show
forms         forms of limits and holds
presentation  the state of a re-open block in words
views         their views
"""
