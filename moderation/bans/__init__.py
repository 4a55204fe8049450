"""Platform bans: who is banned until when. The vendor only knows bans of one room.

registry      places, changes and lifts bans; orders what rooms need
enforcement   what a ban means for one room; asked by registry and rules
forms         forms of bans
presentation  the state of a ban in words
views         the pages of bans and of the audit log
"""
