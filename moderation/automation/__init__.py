"""Automation rules: what they look for and what follows.

receivers     receives the signals of `rooms`: bans, labels; words
verification  a worker reads a finding back before anything is done
words         rules about words, in chat and in names and notices
frequency     how many findings within how long let a rule act
engine        switches, daily cap, one hit a fact; then an order or an alert
matching      finds words, weighs labels; pure, no regular expressions
large_rooms   bans in rooms too large to name their members
host_absence  ends rooms whose host has been away too long
time_limits   warns before a time limit, ends after it
rulebook      makes, changes and switches rules
dry_runs      what a rule would have done over the stored past
forms         forms of rules and dry runs
presentation  the state of a rule in words
views         the pages of rules
"""
