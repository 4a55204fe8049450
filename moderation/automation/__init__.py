"""Automation rules: what they look for and what follows.

receivers     receives the signals of `rooms`: bans, words, labels
verification  a worker reads a finding back before anything is done
engine        switches, daily cap, one hit a fact; then an order or an alert
matching      finds words in chat; pure, no regular expressions
large_rooms   bans in rooms too large to name their members
host_absence  ends rooms whose host has been away too long
time_limits   warns before a time limit, ends after it
rulebook      makes, changes and switches rules
dry_runs      what a rule would have done over the stored past
forms         forms of rules and dry runs
presentation  the state of a rule in words
views         the pages of rules
"""
