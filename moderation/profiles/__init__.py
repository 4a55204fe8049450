"""All that is known of one account.

card      what one has to know of it before one acts
timeline  rooms, acts, bans, alerts, notes and chat in one timeline
views     the page
"""
