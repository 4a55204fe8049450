"""What is true of every request before anything else looks at it: ASGI middleware around the whole application."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[Any]]


class OwnRoot:
    """The console always is at the root of its address, whatever the client says.

    daphne takes ASGI's `root_path` from the client's header Daphne-Root-Path. Django writes it in front of every
    address of a page, and rows and fragments of pages are kept for other people.
    """

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        return await self.application({**scope, "root_path": ""}, receive, send)
