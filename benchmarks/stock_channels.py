"""A yardstick of `fanout`: stock Channels with one group; each socket sends the text that it is
given.
"""

import os
from typing import Any

import django
from django.conf import settings

settings.configure(
    CHANNEL_LAYERS={
        "default": {
            "BACKEND": os.environ["STOCK_LAYER"],
            # Longer than the layers' own blocking reads, which redis-py would break off after 5
            # seconds.
            "CONFIG": {
                "hosts": [f"{os.environ['REDIS_URL']}?socket_timeout=60"],
                "prefix": os.environ["STOCK_LAYER"],
            },
        }
    }
)
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer  # noqa: E402
from channels.routing import ProtocolTypeRouter  # noqa: E402


class Everybody(AsyncWebsocketConsumer):
    groups = [os.environ["STOCK_GROUP"]]

    async def tick(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


application = ProtocolTypeRouter({"websocket": Everybody.as_asgi()})
