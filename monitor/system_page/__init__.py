"""The System page: is the vendor answering, is the budget used, are figures fresh, do acts wait.

views    the page, and its charts that are asked for later
history  call budget, freshness and queue over an hour or a day
"""
