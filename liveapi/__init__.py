"""The client of the vendor's Live REST API.

The only place that knows its JSON, its codes and its signature.

config = LiveConfig(sdkappid=1400000000, secret_key="...", admin="administrator")
with LiveClient(config, budget=LocalBudget(config.share)) as client:
    page = client.call(commands.get_room_list()).value
    client.call(commands.destroy_room(page.rooms[0].room_id), lane="act")

commands        one function a command, returning a Call (arguments checked, nothing sent)
calls           what a call is, and the vendor's limits of its arguments
client          sends a Call, returns an Answer (value, request_id, elapsed)
exchange        what both clients share: the request, the judgement of its answer
envelope        the answer around the payload, judged by ErrorCode
transports      the HTTP transports, and what their exceptions mean
messages        what answers hold, and the parsers that survive anything
accounts        the same for the Chat account commands
reading         values out of answers that may hold anything
webhooks        what the vendor sends by itself: its signature, and the parser
webhook_events  the values that the parser makes
streaming       server and stream key for OBS
errors          LiveApiError, the only exception, and the published codes
retries         how long to wait before trying again
budget          how often the vendor may be called, by the whole installation
config          which application we are, and where it is asked
usersig         the signature that proves it
"""

from liveapi import commands
from liveapi.budget.pacing import AsyncLocalBudget, AsyncRedisBudget, LocalBudget, RedisBudget
from liveapi.calls import Call
from liveapi.client import AsyncLiveClient, LiveClient
from liveapi.config import LiveConfig
from liveapi.errors import CODES, ROOM_GONE, LiveApiError, explain
from liveapi.exchange import Answer
from liveapi.retries import backoff

__all__ = [
    "CODES",
    "ROOM_GONE",
    "Answer",
    "AsyncLiveClient",
    "AsyncLocalBudget",
    "AsyncRedisBudget",
    "Call",
    "LiveApiError",
    "LiveClient",
    "LiveConfig",
    "LocalBudget",
    "RedisBudget",
    "backoff",
    "commands",
    "explain",
]
