"""The page of one room.

views    the page, and its parts that are asked for later: charts, chat, events, audience
people   names and pictures beside accounts; the audience
history  an hour, a day or a month of a room, with what was done and raised
"""
