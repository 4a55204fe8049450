"""Which rooms somebody has looked at.

looks     stores looks; who looked last
coverage  the share of rooms seen, by the hour and person
views     the coverage page
"""
