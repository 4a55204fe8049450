"""Work among colleagues.

claims  who takes care of a room
notes   notes and escalations
forms   their forms
views   their views
"""
