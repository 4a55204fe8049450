"""The vendor's REST API: POST /v4/SERVICE/COMMAND.

server       one request from its arrival to its envelope; keeps the newest calls for the control
             endpoint
signature    checks a UserSig
rate_limits  the published call limits
faults       trouble on order (latency, errors, broken answers)
listing      the public list by pages, with the vendor's misses and repeats
commands     what each command does
"""
