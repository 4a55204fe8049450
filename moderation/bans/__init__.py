"""Platform bans: who is banned until when. The vendor only knows bans of one room.

registry      places, changes and lifts bans; orders what rooms need
requests      asked for by moderators, granted by a ban or declined
enforcement   what a ban means for one room; asked by registry and rules
forms         forms of bans
presentation  the state of a ban in words
views         the pages of bans and of the audit log
request_views  asking for a ban, declining it
"""
