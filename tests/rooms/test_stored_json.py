"""What one module stores as JSON and another reads: built by the writer's code, read by the
reader's.
"""

import dataclasses
import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from liveapi.messages import RoomInfo, Seat
from liveapi.webhook_events import (
    AdminsChanged,
    MembersChanged,
    MetadataChanged,
    OwnerChanged,
    RoomUpdated,
    SeatsChanged,
)
from rooms import event_details
from rooms.infra import json_values
from rooms.ingest import fencing, host_events, host_state, labels, readings
from rooms.live import push
from rooms.live.encoding import SHORT, RoomState
from rooms.models import Room, RoomEvent
from tests.support.factories import make_room

AT = 1_700_000_100_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
# kind -> an event of the vendor's, and how it is read.
TOLD = {
    "host": (
        MembersChanged("room-1", AT, ("anna",), True, "Enter"),
        event_details.HostMoved(state=host_state.INSIDE, before="", source="event"),
    ),
    "owner": (
        OwnerChanged("room-1", AT, "ben", "anna", "admin"),
        event_details.OwnerChanged(before="anna", by="admin"),
    ),
    "admins": (
        AdminsChanged("room-1", AT, ("ben", "cleo"), True, "admin"),
        event_details.AdminsChanged(accounts=("ben", "cleo"), added=True, by="admin"),
    ),
    "info": (
        RoomUpdated("room-1", AT, RoomInfo("room-1"), ("RoomName", "Notice"), "anna"),
        event_details.InfoChanged(fields=("RoomName", "Notice"), by="anna"),
    ),
    "metadata": (
        MetadataChanged("room-1", AT, {"key": "value"}, ("old",), "anna"),
        event_details.MetadataChanged(set={"key": "value"}, deleted=("old",), by="anna"),
    ),
    "seats": (
        SeatsChanged(
            "room-1", AT, (Seat(0, "", None, None, None), Seat(1, "guest", None, None, None))
        ),
        event_details.SeatsChanged(seats={"1": "guest"}),
    ),
}


@pytest.fixture
def room(db):
    return make_room("room-1", create_time=AT // 1000 - 100, owner_account="anna", name="")


@pytest.mark.parametrize("kind", TOLD)
def test_what_the_collector_keeps_of_an_event_is_what_readers_find(kind, room, monkeypatch, hot):
    monkeypatch.setattr(fencing, "check_fence", lambda fence: None)
    event, expected = TOLD[kind]
    host_events.apply_events([(room.pk, event)], fence=1, now_ms=AT)
    kept = RoomEvent.objects.get(kind=kind)
    assert event_details.of(kept) == expected


def test_every_kind_of_event_has_a_writer_and_a_reader(room):
    label = labels.event_of(
        room, labels.Label("gun", 97.5, "k", words="left"), source="api:x", now_ms=AT
    )
    label.full_clean(exclude=["room"])
    found = event_details.of(label)
    assert found == event_details.LabelFound(label="gun", score=97.5, source="api:x", words="left")
    assert (
        {*TOLD, label.kind}
        == set(RoomEvent.Kind.values)
        == {kind.value for kind in event_details.KINDS.values()}
    )


@pytest.mark.parametrize("kind", event_details.KINDS)
@given(JSON)
def test_whatever_an_old_row_holds_it_is_read(kind, kept):
    assert isinstance(json_values.read(kind, kept), kind)
    names = [field.name for field in dataclasses.fields(kind)]
    assert isinstance(json_values.read(kind, dict.fromkeys(names, kept)), kind)


def test_rows_of_older_versions_are_read_as_they_were_written():
    old = {"label": "gun", "score": 97, "source": "api:x", "words": "", "more": 1}
    assert json_values.read(event_details.LabelFound, old) == event_details.LabelFound(
        label="gun", score=97.0, source="api:x"
    )
    assert (
        json_values.read(event_details.LabelFound, {"score": "97", "label": None})
        == event_details.LabelFound()
    )
    assert json_values.read(
        event_details.AdminsChanged, {"accounts": ["a", 1], "added": 1}
    ).accounts == ("a",)


# --- Hot state ------------------------------------------------------------------------------------


def script(name: str) -> str:
    return Path(settings.BASE_DIR, "static/js", name).read_text()


def test_the_names_of_a_state_are_those_that_pages_read(room):
    names = set(readings.state(Room.objects.filter(pk=room.pk).values().get()))
    assert names == set(RoomState.__annotations__)
    table = script("live/figures.js").partition("WIRE_NAMES = {")[2].partition("}")[0]
    wire_names = dict(re.findall(r'(\w+): "(\w+)"', table))
    expected = {column: short for short, column in SHORT.items()} | {"host": "h", "ended_at": "e"}
    assert [*wire_names.items()] == [*expected.items()], (
        "the table of live/figures.js and the server's"
    )
    read = set(wire_names.values())
    templates = "".join(
        path.read_text() for path in Path(settings.BASE_DIR, "templates").rglob("*.html")
    )
    read |= set(re.findall(r'data-f="(\w+)"', templates))
    assert {"o", "r", "v", "e", "oa", "ra"} <= read
    assert read <= names


def test_every_kind_of_push_has_a_hearer():
    kinds = set(push.Kind.__args__)
    heard = script("live/socket.js").partition("function take(")[2].partition("const hand")[0]
    modules = "".join(
        path.read_text() for path in Path(settings.BASE_DIR, "static/js").rglob("*.js")
    )
    hub = Path(settings.BASE_DIR, "monitor/realtime/hub.py").read_text()
    hears = {kind for kind in kinds if f'"{kind}"' in heard or f'onFrame("{kind}"' in modules}
    unheard = {kind for kind in kinds - hears if f'case "{kind}"' not in hub}
    assert unheard == {"bans"}  # pages of bans do not move by themselves
