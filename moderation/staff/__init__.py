"""Who works here.

accounts      makes and changes accounts
reason_codes  changes reason codes
tokens        tokens of the HTTP API
auth_events   log-ins and log-outs enter the audit log
throttling    limits of wrong passwords
forms         their forms
views         the pages of people and reasons
token_views   the page of tokens
"""
