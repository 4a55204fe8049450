"""A stand-in for the vendor's live service, for demonstrations and tests.

It shares no code with the console.

`python -m simulator`; docs/simulator.md is its guide. Packages, top first; each imports only what
stands below:

__main__  the command line
app       puts the parts below together as one application
control   the control endpoint under /_simulator/, for tests
api       the vendor's REST API
webhooks  what the platform calls back
media     video, covers and avatars
world     rooms, hosts, audience and their figures; knows no wire
bodies    reads the fields of a request body
errors    `Refusal`, how a command is refused in the vendor's codes
"""
