"""Websockets of the console.

routing          the address of the socket
consumers        one socket: who it is, what it asks
sessions         whether a session may still watch
hub              one subscription a process, fanned out to all its connections
connections      one browser tab: which rooms it shows, what it has not been told
protocol         what is pushed and what browsers say, as text (pure)
transport        how a frame leaves the process
presence         who is on which room, across processes
look_recorder    who looked at what, gathered and stored
"""
