"""The queue as a workbench: its list, the alert that is open beside it, and closing several.

filters    what the address asks for
items      the rows, in groups
case       one alert with all that is needed to decide about it
requested  requests for bans among the rows
closing    several closed or opened again in one go
forms      the form of that
views      the page and its parts
"""
