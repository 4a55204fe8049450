"""What facts stand on: stores, clocks and the client. Knows no room.

redis            connections to Redis, and one judgement a process whether it is away
database         the same judgement for the database
database_watch   finds out a PostgreSQL that hangs
breaker          what both judgements are made of
database_time    the time that decides, which is the database's
transactions     short transactions, and whose turn it is to write
chat_index       the full-text index of lines of chat
folded           columns that hold text as search compares it
json_values      values stored as JSON, spelled by a dataclass
vendor           the REST client of this installation
call_counter     how many calls the whole installation makes
asgi             the types of ASGI
client_address   whose address a request comes from
heartbeat        a file that says that a process lives
processes        which processes of the installation live, and how far their clocks are off
"""
