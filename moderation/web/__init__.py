"""What all views here share. Knows nothing of acts, bans or rules.

guards      `may`: method, log-in, permission
requests    the type of a request with its person
responses   how a refusal is answered
pagination  pages by the key of a row
forms       forms of a reason, an account, a length
"""
