"""Puts one simulated application together: the REST API, pictures, webhooks, and the control
endpoint over them.
"""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from simulator.api.server import ApiOptions, RestApi
from simulator.control.routes import ControlEndpoint
from simulator.media import covers
from simulator.media.video import Streams
from simulator.webhooks.sender import DeliverySettings, WebhookSender
from simulator.world.world import World


class Simulator:
    """The parts that stand around one world.

    `webhook_token` signs its webhooks, "" leaves them unsigned. `control`: whether the control
    endpoint is served.
    """

    def __init__(
        self,
        world: World,
        options: ApiOptions,
        *,
        webhook_token: str = "",
        deliveries: DeliverySettings | None = None,
        control: bool = True,
    ) -> None:
        self.world = world
        self.api = RestApi(world, options)
        self.streams = Streams(world)
        self.webhooks = WebhookSender(
            world, sdkappid=options.sdkappid, token=webhook_token, settings=deliveries
        )
        self.control = ControlEndpoint(self.api, self.webhooks, self.streams) if control else None

    def application(self) -> web.Application:
        """Everything behind one address. Webhooks go out for as long as it runs."""
        app = web.Application(client_max_size=1_000_000)
        self.api.add_routes(app)
        covers.add_routes(app)
        self.streams.add_routes(app)
        if self.control:
            self.control.add_routes(app)
        app.cleanup_ctx.append(self._send_webhooks)
        return app

    async def _send_webhooks(self, app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self.webhooks.run())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
