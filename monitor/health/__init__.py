"""Is the console alive, and what a person reads when it is not.

views            /healthz and /readyz
wording          the vendor, the collector and the guard of the audit log in words
error_pages      answers in words instead of a trace, and at once while the database is away
"""
