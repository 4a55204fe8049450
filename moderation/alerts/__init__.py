"""Alerts: what somebody should look at, until it is closed.

alerts        raises and closes alerts; the only writer of `Alert`
forms         the form that closes one
presentation  how urgent an alert is, in words
views         the queue
"""
