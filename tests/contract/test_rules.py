"""The rules against the simulator: found, read back, done there; cut off in the middle; lied to.

The worker's work is done here by its own functions, over the real client; one test has a real
worker and broker.
"""

import json
import uuid

import pytest
from django.utils import timezone

from moderation.automation import receivers, verification, words
from moderation.core import broker
from moderation.models import Action, Ban, Policy, Rule, RuleHit
from moderation.worker import executor, recovery
from rooms.infra import vendor
from rooms.ingest import labels
from rooms.ingest.labels import Label
from rooms.live import demand, push
from rooms.models import ChatLine, Room
from tests.contract.running import simulator
from tests.contract.talking import client_of
from tests.contract.test_acts import acts, calls, some_room
from tests.support.waiting import eventually

__all__ = ["acts"]


class Console:
    """The rules and the worker of one console: what is queued is done by `work`, unless it is
    `lost`.
    """

    def __init__(self, inside) -> None:
        self.inside, self.queue = inside, []

    def room(self, **fields) -> Room:
        """A new broadcast on the simulated platform, as the console knows it."""
        number = uuid.uuid4().hex[:8]
        opened = {
            "RoomId": f"room-{number}",
            "Owner_Account": f"host-{number}",
            "size": 20,
        } | fields
        self.inside.order("rooms", **opened)
        told = self.inside.get("rooms", room_id=opened["RoomId"])
        now = timezone.now()
        return Room.objects.create(
            room_id=opened["RoomId"],
            create_time=int(told["info"]["CreateTime"]),
            owner_account=told["owner"],
            first_seen_at=now,
            facts_changed_at=now,
        )

    def work(self) -> None:
        while self.queue:
            does, pk = self.queue.pop(0)
            does(pk)

    def lost(self) -> None:
        """The process dies with what it had queued."""
        self.queue.clear()

    def calls(self, command, room) -> int:
        return sum(call["room_id"] == room.room_id for call in calls(self.inside, command))

    def is_live(self, room) -> bool:
        return bool(self.inside.get("rooms", room_id=room.room_id)["live"])


@pytest.fixture(scope="module")
def world():
    with (
        simulator("--rooms", "3", "--viewers", "100", "--churn", "0") as running,
        client_of(running) as client,
    ):
        yield running, client


@pytest.fixture
def console(world, db, monkeypatch):
    inside, client = world
    inside.clear_faults()
    made = Console(inside)
    monkeypatch.setattr(vendor, "sync_client", lambda: client)
    queues = {
        "enqueue": executor.execute,
        "enqueue_hit": verification.check,
        "enqueue_verification": executor.verify,
    }
    for name, does in queues.items():
        monkeypatch.setattr(
            broker, name, lambda pk, delay=0.0, does=does: made.queue.append((does, pk)) or True
        )
    monkeypatch.setattr(broker, "waiting", lambda: 0)
    for name in ("publish_act", "publish_alert"):
        monkeypatch.setattr(push, name, lambda *_, **__: None)
    for name in ("refresh", "want_members", "want_hosts"):
        monkeypatch.setattr(demand, name, lambda *_, **__: None)
    return made


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def rule(kind, act, **settings):
    policy = Policy.objects.get(code="fraud")
    return Rule.objects.create(
        slug=f"my-{kind}",
        title="Mine",
        kind=kind,
        act=act,
        policy=policy,
        settings=settings,
        phase="on",
    )


def say(room, text, account="seller"):
    line = ChatLine.objects.create(
        room=room, at_ms=1, message_id=uuid.uuid4().hex, account=account, text=text
    )
    words.on_chat_said(None, said=[(room, [line])])


def done():
    return list(Action.objects.order_by("pk").values_list("verb", "account", "by_name", "status"))


@pytest.mark.parametrize(
    ("act", "command", "account"),
    [
        ("mute", "mute_member", "seller"),
        ("room_ban", "ban_member", "seller"),
        ("end", "destroy_room", ""),
        ("quarantine", "update_room_info", ""),
    ],
)
def test_words_become_an_act_at_the_vendor(act, command, account, console, on_commit):
    room = console.room()
    rule("words", act, words=["coins"], findings=1)
    with on_commit():
        say(room, "free COINS")
    with on_commit():
        console.work()
    with on_commit():
        console.work()
    assert done()[0] == (act, account, "system:my-words", "done")
    assert console.calls(command, room) == 1


def test_a_label_ends_a_room_once(console, on_commit):
    room = console.room()
    rule("label", "end", categories=[{"label": "blood", "look": 80, "act": 80}], findings=1)
    for _time in range(2):
        with on_commit():
            labels.store(room, [Label("blood", 95, "frame")], source="api:eyes")
        with on_commit():
            console.work()
    console.work()
    assert done() == [("end", "", "system:my-label", "done")]
    assert not console.is_live(room)


def test_a_banned_user_who_enters_is_banned_from_the_room(console, on_commit):
    room = console.room()
    Ban.objects.create(
        account="troll", policy=Policy.objects.first(), by_name="x", orders_due=False
    )
    for _time in range(2):
        with on_commit():
            receivers.on_members_entered(None, entered=[(room, frozenset({"troll", "somebody"}))])
        with on_commit():
            console.work()
    console.work()
    assert done() == [("room_ban", "troll", "system:platform-ban", "done")]
    assert console.calls("ban_member", room) == 1


def test_a_banned_host_who_opens_a_room_is_ended(console, on_commit):
    room = console.room()
    Ban.objects.create(
        account=room.owner_account, policy=Policy.objects.first(), by_name="x", orders_due=False
    )
    with on_commit():
        receivers.on_room_opened(None, room=room)
    console.work()
    assert done()[0] == ("end", "", "system:platform-ban", "done")
    assert not console.is_live(room)


def test_lies_about_a_broadcast_that_is_over_or_followed_by_another_harm_nobody(console, on_commit):
    over, reopened = console.room(), console.room()
    rule("words", "end", words=["coins"], findings=1)
    console.inside.order("destroy", room_id=over.room_id)
    Room.objects.filter(pk=reopened.pk).update(create_time=reopened.create_time - 500)
    reopened.refresh_from_db()
    for room in (over, reopened):
        with on_commit():
            say(room, "coins")
    console.work()
    assert set(RuleHit.objects.values_list("outcome", flat=True)) == {"unverified"}
    assert done() == []
    assert console.is_live(reopened)


def test_a_console_that_dies_at_any_step_goes_on_where_it_was_and_does_it_once(console, on_commit):
    room = console.room()
    rule("words", "mute", words=["coins"], findings=1)
    with on_commit():
        say(room, "coins")
    console.lost()
    assert RuleHit.objects.get().outcome == "found"
    RuleHit.objects.update(at=timezone.now() - recovery.STRANDED * 2)
    with on_commit():
        recovery.sweep()
        console.work()  # read back and ordered
    console.lost()
    assert [status for *_rest, status in done()] == ["requested"]
    Action.objects.update(due_at=timezone.now() - recovery.STRANDED * 2)
    recovery.sweep()
    console.work()
    recovery.sweep()
    console.work()
    assert done() == [("mute", "seller", "system:my-words", "done")]
    assert console.calls("mute_member", room) == 1


def test_while_the_vendor_is_in_trouble_a_finding_waits_and_is_done_afterwards(console, on_commit):
    room = console.room()
    rule("words", "mute", words=["coins"], findings=1)
    console.inside.order("fault", command="get_room_info", kind="code", code=60011, times=50)
    with on_commit():
        say(room, "coins")
    console.work()
    assert RuleHit.objects.get().outcome == "found"
    console.inside.clear_faults()
    RuleHit.objects.update(at=timezone.now() - recovery.STRANDED * 2)
    with on_commit():
        recovery.sweep()
        console.work()
    console.work()
    assert done() == [("mute", "seller", "system:my-words", "done")]


FACTS = """
import json
from django.utils import timezone
from moderation.automation import words
from moderation.models import Policy, Rule
from rooms.models import ChatLine, Room
given = json.loads({given!r})
now = timezone.now()
room = Room.objects.create(owner_account="host", first_seen_at=now, facts_changed_at=now, **given)
Rule.objects.filter(slug="words-fraud").update(
    phase="on", act="mute", settings={{"words": ["gift card"], "findings": 1}}
)
line = ChatLine.objects.create(room=room, at_ms=1, message_id="m", account="seller", text="a GIFT card")
words.on_chat_said(None, said=[(room, [line])])
"""


@pytest.mark.timeout(240)
def test_a_real_worker_reads_back_what_was_found_before_it_started(acts, simulated):
    room_id = some_room(simulated)
    created = int(simulated.get("rooms", room_id=room_id)["info"]["CreateTime"])
    acts.shell(FACTS.format(given=json.dumps({"room_id": room_id, "create_time": created})))
    assert acts.sql("SELECT outcome FROM moderation_rulehit") == [("found",)]
    acts.worker()
    wanted = [("mute", "system:words-fraud", "done")]
    eventually(
        "the worker mutes what the rule found before it started",
        lambda: acts.sql("SELECT verb, by_name, status FROM moderation_action"),
        60,
        equals=wanted,
    )
    assert len(calls(simulated, "mute_member")) == 1
