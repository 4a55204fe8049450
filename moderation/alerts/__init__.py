"""Alerts: what somebody should look at, until it is closed.

alerts  raises and closes alerts; the only writer of `Alert`
forms   the form that closes one
views   the queue
"""
