"""What is true of every request before Django looks at it.

request_limits  ASGI middleware around the whole: sizes, times, addresses
daphne_limits   limits that only the server can keep
origins         who may open a websocket
addresses       whose address a request comes from
threads         the threads that answer requests
"""
