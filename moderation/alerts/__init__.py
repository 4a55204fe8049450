"""Alerts: what somebody should look at, until it is closed.

alerts        raises, closes and re-opens alerts; the only writer of `Alert`
forms         the forms that close one
presentation  how urgent an alert is, and what raised it, in words
views         closing one, and opening it again
"""
