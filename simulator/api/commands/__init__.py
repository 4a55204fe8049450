"""The commands of the REST API, one module a subject.

A command is a function (world, body) -> payload.

table     which (service, command) is answered by which function
rooms     create, change, end, list, read and count rooms
members   bans, mutes, administrators, members, robots
seats     who sits where, locked seats
messages  text and custom messages
gifts     giving, and the catalogue with its categories and languages
metadata  key-value pairs of a room
accounts  accounts, profiles, sessions, application-wide mutes
"""
