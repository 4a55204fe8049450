"""The checks of the smoke test: uses the running console as people do and reports, in one table,
what it saw.

What the screens say is compared with what the simulated platform says, asked through its control
endpoint and over the vendor's REST API. Reads the console's database: Django is set up before this
is imported (`__main__`).
"""

import asyncio
import html
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from launcher import measure
from launcher.folder import StackState
from launcher.smoke_test.console_client import ConsoleClient, eventually
from launcher.smoke_test.leaks import leaks
from launcher.terminal import say, table
from liveapi import LiveApiError, commands
from moderation.models import Action, Ban
from rooms.infra import vendor
from rooms.models import Room

MAX_MEGABYTES = 700
MAX_CORES = 0.25
MIN_ROOMS = 40
HIDDEN_ROOM = "hidden_from_the_listing"
IDLE_SECONDS = 10.0
# A page's rooms count as watched for 10 s after its socket has gone.
FORGOTTEN_SECONDS = 11.0


class SmokeTest:
    """The state of one run: the stack, the people, and the rows of the table (what, held, seen)."""

    def __init__(self, state: StackState, folder: Path, seconds: float) -> None:
        self.state = state
        self.folder = folder
        self.end = time.monotonic() + seconds
        self.rows: list[tuple[str, bool, str]] = []
        self.clients: dict[str, ConsoleClient] = {}
        assert state["control"], "the smoke test runs on the simulated platform only"
        self.control = httpx.Client(base_url=state["control"], timeout=10)
        self.rooms: list[int] = []
        self.targets: list[str] = []

    def step(self, what: str, how: Callable[[], str]) -> None:
        """One row: `how` returns what was seen, or raises with what was wrong."""
        try:
            seen, held = how(), True
        except Exception as error:  # every kind of failure is a row, and the next step still runs
            seen, held = f"{type(error).__name__}: {error}", False
        self.rows.append((what, held, " ".join(seen.split())[:110]))
        say(f"  {'yes' if held else 'NO '}  {what}: {self.rows[-1][2]}")

    def run(self) -> int:
        """Every check in its order; 0 only if every one held."""
        self.step("pages are served", self.see_page)
        self.step("figures arrive over a websocket", self.see_figures)
        self.step("webhooks arrive", self.be_told)
        self.step("a stream was ended and read back", self.end_stream)
        self.step("a ban was stored and enforced", self.ban)
        self.step("both are in the record", self.see_record)
        self.step("no secret was shown", self.keep_secrets)
        if sys.platform == "linux":
            self.step(f"memory under {MAX_MEGABYTES} MB", self.weigh)
            self.step(f"idle under {MAX_CORES:.0%} of a core", self.idle)
        return self.verdict()

    def verdict(self) -> int:
        """Says the table; 0 only if every step held."""
        rows = [("yes" if held else "NO", what, seen) for what, held, seen in self.rows]
        say("\n" + table("Smoke test of Livewarden", [("", "what", "seen"), *rows]))
        held = bool(self.rows) and all(held for _, held, _ in self.rows)
        say("everything held" if held else "something did NOT hold")
        return 0 if held else 1

    def client(self, name: str) -> ConsoleClient:
        if name not in self.clients:
            self.clients[name] = ConsoleClient(self.state["url"], name, self.state["password"])
        return self.clients[name]

    # --- Watching ---------------------------------------------------------------------------------

    def see_page(self) -> str:
        def listed() -> list[int]:
            page = self.client("moderator").page("/")
            return sorted({int(pk) for pk in re.findall(r'href="/rooms/(\d+)"', page)})

        def enough() -> list[int]:
            rooms = listed()
            return rooms if len(rooms) >= MIN_ROOMS else []

        self.rooms = eventually(enough, 30) or listed()
        since = time.time() - self.state["began"]
        expect(len(self.rooms) >= MIN_ROOMS, f"only {len(self.rooms)} rooms on the page")
        return f"{len(self.rooms)} rooms listed, {since:.1f} s after ./run"

    def see_figures(self) -> str:
        seen = asyncio.run(self.client("moderator").watch(self.rooms[:40], enough=20, seconds=30))
        expect(seen["figures"] >= 20, f"{seen['figures']} figures moved in {seen['frames']} frames")
        return (
            f"{seen['figures']} figures of {seen['rooms']} rooms moved in {seen['frames']} frames"
        )

    def be_told(self) -> str:
        """Opens a room that no listing shows: only a webhook can tell of it."""
        if not self.state["variables"].get("LIVE_WEBHOOK_TOKEN"):
            return "switched off"
        fields = {
            "RoomId": HIDDEN_ROOM,
            "RoomName": HIDDEN_ROOM,
            "IsPublicVisible": False,
            "size": 10,
        }
        # Those before the first page was served reached nobody.
        before, began = self.control.get("/_simulator/webhooks").json(), time.monotonic()
        self.control.post("/_simulator/rooms", json=fields).raise_for_status()
        found = eventually(lambda: Room.objects.live().filter(room_id=HIDDEN_ROOM).exists(), 10)
        took = time.monotonic() - began
        counts = self.control.get("/_simulator/webhooks").json()
        taken, failed = (counts[name] - before[name] for name in ("sent", "failed"))
        expect(taken > 0, f"none of {failed} webhooks was taken: {counts['last_trouble']}")
        expect(
            bool(found),
            f"{taken} webhooks were taken, but the console does not know the hidden room",
        )
        return (
            f"a hidden room was known {took:.1f} s after it opened; "
            f"of {taken + failed} webhooks {failed} failed"
        )

    # --- Acting -----------------------------------------------------------------------------------

    def end_stream(self) -> str:
        room = self.live_room()
        self.targets.append(room.room_id)
        self.client("moderator").send(f"/rooms/{room.pk}/act/end", f"/rooms/{room.pk}/end")
        finished = Action.objects.filter(room=room, verb="end", finished_at__isnull=False)
        act = eventually(finished.first, 20)
        if act is None or act.finished_at is None:
            raise LookupError("the act did not come to its end")
        expect(act.status == "done", f"the act is {act.status}: {act.vendor_text}")
        expect(room.room_id not in self.vendor_rooms(), "the platform still has the room")
        expect(self.vendor_code(room.room_id) == 100004, "get_room_info still finds it")
        took = (act.finished_at - act.requested_at).total_seconds()
        return f"{room.room_id}: done in {took:.1f} s with its grace, read back as gone"

    def ban(self) -> str:
        room = self.live_room()
        account = room.owner_account
        self.targets.append(account)
        self.client("banadmin").send(f"/bans/new?account={account}", "/bans/new", account=account)
        ban = Ban.objects.filter(account=account, lifted_at=None, expired_at=None).first()
        expect(ban is not None and ban.by_name != "", "no ban is stored")
        expect(
            shows(self.client("banadmin").page("/bans"), account), "the registry does not list it"
        )
        gone = eventually(lambda: room.room_id not in self.vendor_rooms(), 25)
        expect(bool(gone), f"the banned host's room {room.room_id} is still live")
        return f"{account} stored, listed, and {room.room_id} is off"

    def see_record(self) -> str:
        page = self.client("supervisor").page("/audit")
        for target in self.targets:
            expect(shows(page, target), f"{target} is not in the record")
        expect(len(self.targets) == 2, "there was nothing to look up")
        return f"{' and '.join(self.targets)} are in the record"

    def keep_secrets(self) -> str:
        variables = self.state["variables"]
        names = ("LIVE_SECRET_KEY", "LIVEWARDEN_SECRET_KEY", "LIVE_WEBHOOK_TOKEN")
        secrets = {name: variables[name] for name in names if variables.get(name)}
        texts = {"a page or frame": "\n".join(ConsoleClient.shown)}
        texts |= {
            f.name: f.read_text("utf-8", "replace") for f in (self.folder / "log").glob("*.log")
        }
        for where, text in texts.items():
            found = leaks(text, secrets)
            expect(not found, f"{' and '.join(found)} in {where}")
        return f"none in {len(ConsoleClient.shown)} pages and frames and {len(texts) - 1} logs"

    # --- Cost -------------------------------------------------------------------------------------

    @property
    def pids(self) -> dict[str, int]:
        return {**self.state["processes"], "launcher": self.state["launcher"]}

    def weigh(self) -> str:
        resident = {name: measure.resident_megabytes(pid) for name, pid in self.pids.items()}
        shared = sum(measure.proportional_megabytes(pid) for pid in self.pids.values())
        total = sum(resident.values())
        parts = ", ".join(f"{name} {value:.0f}" for name, value in resident.items())
        expect(all(resident.values()), f"a process is gone: {parts}")
        expect(total < MAX_MEGABYTES, f"{total:.0f} MB: {parts}")
        return f"{total:.0f} MB resident ({shared:.0f} with shared pages counted once)"

    def idle(self) -> str:
        for client in self.clients.values():
            client.close()
        time.sleep(FORGOTTEN_SECONDS)
        before, began = {n: measure.cpu_seconds(p) for n, p in self.pids.items()}, time.monotonic()
        time.sleep(max(IDLE_SECONDS, self.end - time.monotonic()))
        seconds = time.monotonic() - began
        used = {
            name: (measure.cpu_seconds(pid) - before[name]) / seconds
            for name, pid in self.pids.items()
        }
        parts = ", ".join(f"{name} {value:.1%}" for name, value in used.items() if value >= 0.001)
        expect(sum(used.values()) < MAX_CORES, f"{sum(used.values()):.1%} of a core: {parts}")
        return f"{sum(used.values()):.1%} of a core ({parts})"

    # --- Helpers ----------------------------------------------------------------------------------

    def live_room(self) -> Room:
        """A room that both the console and the platform have, not used before."""
        there = self.vendor_rooms()
        for room in Room.objects.live().exclude(room_id__in=self.targets).order_by("online")[:40]:
            if room.room_id in there and room.owner_account and room.room_id.isascii():
                return room
        raise LookupError("no live room to act on")

    def vendor_rooms(self) -> set[str]:
        """RoomIds that are live, by the simulator's control endpoint."""
        answer = self.control.get("/_simulator/rooms")
        answer.raise_for_status()
        return {str(room["RoomId"]) for room in answer.json()["rooms"]}

    def vendor_code(self, room_id: str) -> int:
        """The vendor's code for get_room_info; 0 when it finds the room."""
        try:
            vendor.sync_client().call(commands.get_room_info(room_id))
        except LiveApiError as error:
            return error.code or -1
        return 0


def expect(condition: bool, otherwise: str) -> None:
    """Ends a step with what was wrong."""
    if not condition:
        raise LookupError(otherwise)


def shows(page: str, text: str) -> bool:
    return text in html.unescape(page)
