"""What all views here share. Knows nothing of acts, bans or rules.

guards      `may`: method, log-in, permission; answers `Refused`
requests    the type of a request with its person
responses   how a refusal and an act are answered
toasts      what a corner of the screen says, with its Undo
pagination  pages by the key of a row
badge       the state of a thing in a few words, with a picture
forms       forms of a reason, an account, a length
"""
