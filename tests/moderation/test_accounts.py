"""The page of one account: everything about it in one timeline, by what the reader may see."""

import datetime as dt
import posixpath
import re
import uuid
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.utils import timezone

from moderation.alerts import alerts
from moderation.audit import audit_log
from moderation.bans import registry
from moderation.collaboration import notes
from moderation.models import Action
from moderation.models.record import STAFF_VERBS
from moderation.profiles import timeline
from moderation.profiles.timeline import EPOCH
from moderation.profiles.views import older
from moderation.staff import accounts, auth_events, tokens
from moderation.values.evidence import Evidence
from monitor.templatetags.console import account_address, account_link
from rooms.models import ChatLine, Room
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(people, policy, service):
    """An account that did and suffered everything."""
    room = make_room(
        "their room", owner_account="the/host", owner_name="Anna", create_time=1_700_000_000
    )
    other = make_room("other room", owner_account="somebody")
    now = timezone.now()
    done = {"policy": policy, "by_name": "x", "status": "done", "due_at": now, "give_up_at": now}
    Action.objects.create(verb="warn", room=room, **done)
    Action.objects.create(verb="mute", room=other, account="the/host", **done)
    alerts.raise_alert(room=room, source="system:x", title="look at this", evidence=Evidence())
    notes.write(by=people["moderator"], room=room, text="a note", key=uuid.uuid4())
    ChatLine.objects.create(
        room=other,
        at_ms=int(now.timestamp() * 1000),
        message_id="m",
        account="the/host",
        text="hello all",
    )
    registry.place(
        by=people["banadmin"], account="the/host", policy=policy, until=None, note="enough"
    )
    return "the/host"


def test_all_kinds_of_events_stand_in_one_timeline_newest_first(host):
    events = timeline.timeline(host)
    assert {event.kind for event in events} == {"room", "act", "alert", "note", "chat", "ban"}
    assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)


def test_the_page_shows_it_and_counts_strikes(client, people, host):
    html = log_in(client, people["supervisor"]).get("/users/the/host").content.decode()
    for part in (
        "Anna",
        "their room",
        "look at this",
        "a note",
        "hello all",
        "enough",
        "Banned already",
    ):
        assert part in html
    assert timeline.summary(host)["strike_count"] == 1, (
        "a mute in somebody else's room is no strike of a host"
    )


def test_what_was_done_to_a_viewer_is_counted(client, people, policy, service):
    room, now = make_room("somebody's"), timezone.now()
    done = {"policy": policy, "by_name": "x", "status": "done", "due_at": now, "give_up_at": now}
    Action.objects.create(verb="mute", room=room, account="viewer", **done)
    Action.objects.create(verb="mute", room=room, account="viewer", **done | {"status": "failed"})
    registry.place(
        by=people["banadmin"], account="viewer", policy=policy, until=None, note="enough"
    )
    assert dict(timeline.summary("viewer")["suffered"]) == {"mute": 1, "platform_ban": 1}
    assert dict(timeline.summary("viewer", with_bans=False)["suffered"]) == {"mute": 1}
    html = log_in(client, people["auditor"]).get("/users/viewer").content.decode()
    assert "Mute 1" in html and "Platform ban 1" in html and "Nothing was found" not in html


def test_a_viewer_who_was_muted_is_not_told_to_be_blameless(policy):
    room, now = make_room("somebody's"), timezone.now()
    Action.objects.create(
        verb="mute",
        room=room,
        account="viewer",
        policy=policy,
        by_name="x",
        status="done",
        due_at=now,
        give_up_at=now,
    )
    assert "elsewhere" in timeline.summary("viewer")["next_step"]


def test_accounts_are_linked_where_they_are_shown(client, people, policy):
    from django.template.loader import render_to_string

    from monitor.room_page.people import Audience, Person

    room, now = make_room("room"), timezone.now()
    ChatLine.objects.create(room=room, at_ms=1, message_id="1", account="said/it", text="x")
    ChatLine.objects.create(room=room, at_ms=2, message_id="2", account="two\nlines", text="x")
    Action.objects.create(
        verb="mute",
        room=room,
        account="was-muted",
        policy=policy,
        by_name="x",
        status="done",
        due_at=now,
        give_up_at=now,
    )
    client = log_in(client, people["moderator"])
    assert 'href="/users/said/it"' in client.get(f"/rooms/{room.pk}/chat").content.decode()
    assert 'href="/users/was-muted"' in client.get(f"/rooms/{room.pk}/timeline").content.decode()
    assert 'href="/users/in-it"' in render_to_string(
        "monitor/_audience.html",
        {"audience": Audience([Person("in-it")], 1, 1, 1, 1, 1), "room": room},
    )


def test_who_may_not_see_bans_is_told_none(client, people, host):
    html = log_in(client, people["moderator"]).get("/users/the/host").content.decode()
    assert "enough" not in html


def test_older_events_are_on_the_next_page(host):
    room = make_room("busy", owner_account="busy")
    for number in range(timeline.SHOWN + 5):
        ChatLine.objects.create(
            room=room,
            at_ms=1_000_000 + 1000 * number,
            message_id=str(number),
            account="busy",
            text="x",
        )
    first = timeline.timeline("busy")
    assert len(first) == timeline.SHOWN
    older = timeline.timeline("busy", before=first[-1].at)
    assert {event.thing.pk for event in older}.isdisjoint(
        {event.thing.pk for event in first if event.kind == "chat"}
    )


@pytest.mark.parametrize("apart_ms", [0, 1, 7, 1000])
def test_no_event_is_on_no_page_however_close_they_are(apart_ms):
    room = make_room("busy", owner_account="other")
    ends = 1_700_000_000_000
    for number in range(timeline.SHOWN + 30):
        ChatLine.objects.create(
            room=room,
            at_ms=ends - apart_ms * number,
            message_id=str(number),
            account="busy",
            text="x",
        )
    if apart_ms == 0:  # so many at one moment are no page's end
        ChatLine.objects.filter(message_id__gte="5").delete()
    seen, page = set(), timeline.timeline("busy")
    while page:
        seen |= {event.thing.pk for event in page}
        page = timeline.timeline("busy", before=page[-1].at)
    assert seen == set(ChatLine.objects.values_list("pk", flat=True))


def test_a_room_that_opened_in_the_second_of_the_last_event_is_on_the_next_page():
    make_room("early", owner_account="busy", create_time=1_700_000_000)
    moment = dt.datetime.fromtimestamp(1_700_000_000.5, dt.UTC)
    assert [event.kind for event in timeline.timeline("busy", before=moment)] == ["room"]


@pytest.mark.parametrize(
    "before", ["", "x", "2026-01-01", "9999-99-99T00:00:00+00:00", "0001-01-01T00:00:00+00:00"]
)
def test_nonsense_counts_as_now(client, people, before):
    assert (
        log_in(client, people["auditor"]).get("/users/nobody", {"before": before}).status_code
        == 200
    )


def test_an_unknown_account_is_a_page_that_says_so(client, people):
    assert (
        "Nothing is known"
        in log_in(client, people["auditor"]).get("/users/<b>nobody").content.decode()
    )
    assert log_in(client, people["auditor"]).get("/users/" + "x" * 129).status_code == 404


def test_the_next_step_is_worded_for_every_number_of_strikes():
    steps = [timeline.next_step(number, banned=False) for number in range(6)]
    assert len(set(steps)) == 4 and all(steps)


def test_a_strike_is_counted_for_ninety_days(people, policy):
    room = make_room("r", owner_account="h")
    now = timezone.now()
    act = Action.objects.create(
        verb="end", room=room, policy=policy, by_name="x", status="done", due_at=now, give_up_at=now
    )
    assert timeline.summary("h")["strike_count"] == 1
    Action.objects.filter(pk=act.pk).update(requested_at=now - dt.timedelta(days=91))
    assert timeline.summary("h")["strike_count"] == 0


ODD = [
    ".",
    "..",
    "a/../b",
    "./a",
    "a//b",
    "/a",
    "a/",
    "line\nbreak",
    "x?y#z",
    "50%",
    "%2e%2e",
    "a\\b",
    "\u202ertl",
    "name",
]


@pytest.mark.parametrize("account", ODD, ids=ascii)
def test_every_account_has_a_page_that_a_browser_can_ask_for(account, client, people, room):
    Room.objects.filter(pk=room.pk).update(owner_account=account)
    address = timeline.address(account)
    # A browser takes dot segments out of a path, written in whatever way; proxies merge slashes.
    path = unquote(address.partition("?")[0])
    assert posixpath.normpath(path) == path
    for line in (account_link(account), f'"{account_address(account)}"'):
        assert f'"{address}"' in line.replace("&amp;", "&")
    answer = log_in(client, people["auditor"]).get(address)
    assert answer.status_code == 200
    assert answer.context["account"] == account
    assert room in answer.context["live"]


def test_the_older_part_of_such_a_page_is_found_too(client, people):
    assert older("..", EPOCH) == "/users?account=..&before=1970-01-01T00%3A00%3A00%2B00%3A00"
    assert log_in(client, people["auditor"]).get(older("..", EPOCH)).context["account"] == ".."


def test_a_page_without_an_account_leads_to_the_rooms(client, people):
    assert log_in(client, people["auditor"]).get("/users").headers["Location"] == "/"


def test_what_names_a_colleague_leads_to_no_account_of_the_platform(client, people):
    verbs = (
        "log_in",
        "log_out",
        "make_person",
        "change_person",
        "change_password",
        "make_token",
        "revoke_token",
    )
    for verb in verbs:
        audit_log.record(by="system:log-in", verb=verb, outcome="refused", account="supervisor")
    html = log_in(client, people["auditor"]).get("/audit").content.decode()
    assert html.count(">supervisor</bdi>") >= len(verbs)
    assert 'href="/users/supervisor"' not in html
    audit_log.record(by="system:x", verb="mute", outcome="done", account="supervisor")
    assert 'href="/users/supervisor"' in client.get("/audit").content.decode()


def test_every_entry_about_a_colleague_is_known_as_one():
    """Found by reading the sources: whoever records an entry in the modules of people names a verb
    of theirs.
    """
    for module in (accounts, auth_events, tokens):
        source = Path(module.__file__).read_text()
        verbs = re.findall(r'verb="(\w+)", outcome="[\w ]+",\s*account=', source)
        assert verbs
        assert set(verbs) <= STAFF_VERBS
