"""Who works here: accounts and roles, reason codes, tokens of programs, log-ins and their limits."""
