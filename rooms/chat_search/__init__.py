"""Finding stored lines of chat.

query     what a person typed, and whether a line fits it (pure)
search    the lines that fit, newest first, in bounded time
"""
