"""The client of the vendor's Live REST API.

The only place that knows its JSON, its codes and its signature.

config = LiveConfig(sdkappid=1400000000, secret_key="...", admin="administrator")
with LiveClient(config, budget=LocalBudget(config.share)) as client:
    page = client.call(commands.get_room_list()).value
    client.call(commands.destroy_room(page.rooms[0].room_id), lane="act")

commands            one function a command, returning a Call (arguments checked, nothing sent)
client              sends a Call, returns an Answer (value, request_id, elapsed)
messages, accounts  what answers hold, and the parsers that survive anything
webhooks            what the vendor sends by itself: its signature, and the parser; webhook_events
                    the values
errors              LiveApiError, the only exception, and the published codes
pacing              the call budget of the installation
config, usersig     who we are to the vendor
"""

from liveapi import commands
from liveapi.calls import Call
from liveapi.client import AsyncLiveClient, LiveClient
from liveapi.config import LiveConfig
from liveapi.errors import CODES, ROOM_GONE, LiveApiError, explain
from liveapi.exchange import Answer
from liveapi.pacing import AsyncLocalBudget, AsyncRedisBudget, LocalBudget, RedisBudget
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
