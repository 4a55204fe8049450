"""All that is known of one account.

timeline  rooms, acts, bans, alerts, notes and chat in one timeline
views     the page
"""
