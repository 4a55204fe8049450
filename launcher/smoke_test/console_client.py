"""A person at a browser, as far as the smoke test needs one: logs in, reads pages, sends forms,
watches.
"""

import json
import time
from collections.abc import Callable
from typing import Any, TypeVar

import aiohttp
import httpx

from launcher.smoke_test.forms import form_with

PATIENCE_SECONDS = 10.0
T = TypeVar("T")


class ConsoleClient:
    """Someone logged in; everything that was shown to anybody is kept in `shown`."""

    shown: list[str] = []

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=PATIENCE_SECONDS, headers={"Origin": url})
        fields = form_with(self.page("/login"), "username", "password")
        answer = self.client.post("/login", data={**fields, "username": name, "password": password})
        if answer.status_code != 302:
            raise LookupError(f"{name} cannot log in (status {answer.status_code})")

    def page(self, path: str) -> str:
        """The text of a page that must answer 200. Raises LookupError otherwise."""
        answer = self.client.get(path)
        self.shown.append(answer.text)
        if answer.status_code != 200:
            raise LookupError(f"{path} answers {answer.status_code}")
        return answer.text

    def send(self, form_path: str, path: str, **changes: str) -> None:
        """Opens a form, fills in `changes`, sends it.

        Raises LookupError when the console refuses.
        """
        fields = form_with(self.page(form_path), "policy", "key")
        headers = {"X-CSRFToken": self.client.cookies["csrftoken"], "HX-Request": "true"}
        answer = self.client.post(path, data={**fields, **changes}, headers=headers)
        self.shown.append(answer.text + str(answer.headers))
        if answer.status_code not in {204, 302, 303}:
            raise LookupError(f"{path} answers {answer.status_code}: {answer.text[:300]}")

    def close(self) -> None:
        self.client.close()

    async def watch(self, rooms: list[int], enough: int, seconds: float) -> dict[str, int]:
        """Watches rooms over the websocket until `enough` figures differ from the first snapshot.

        Returns how many frames came and how many figures of how many rooms moved; an error is a
        LookupError.
        """
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.client.cookies.jar)
        headers = {"Origin": self.url, "Cookie": cookies}
        figures: dict[tuple[int, str], int] = {}
        moved: set[tuple[int, str]] = set()
        frames = 0
        end = time.monotonic() + seconds
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(
                f"{self.url}/ws/live", headers=headers, timeout=_close_soon()
            ) as socket,
        ):
            await socket.send_str(json.dumps({"watch": rooms, "visible": True}))
            while time.monotonic() < end and len(moved) < enough:
                message = await socket.receive(timeout=max(0.1, end - time.monotonic()))
                if message.type is not aiohttp.WSMsgType.TEXT:
                    raise LookupError(f"the websocket was closed ({message.data})")
                self.shown.append(message.data)
                frames += 1
                for pk, values in _changes(json.loads(message.data)):
                    for name, value in values.items():
                        if figures.setdefault((pk, name), value) != value:
                            moved.add((pk, name))
        return {"frames": frames, "figures": len(moved), "rooms": len({pk for pk, _ in moved})}


def _close_soon() -> aiohttp.ClientWSTimeout:
    return aiohttp.ClientWSTimeout(ws_close=2.0)


def _changes(frame: dict[str, Any]) -> list[tuple[int, dict[str, int]]]:
    """The online counts ("o") and reward totals ("r") of a frame: `[pk, "o", 12, "r", 345, ...]` a
    room.
    """
    changes = []
    for pk, *flat in frame.get("rooms", []):
        values = dict(zip(flat[::2], flat[1::2], strict=True))
        changes.append((pk, {name: values[name] for name in ("o", "r") if name in values}))
    return changes


def eventually(condition: Callable[[], T], seconds: float) -> T | None:
    """The first true answer of `condition` within so many seconds, else None."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        answer = condition()
        if answer:
            return answer
        time.sleep(0.25)
    return None
