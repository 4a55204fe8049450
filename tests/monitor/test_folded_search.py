"""Every search box finds text beyond ASCII in any case, composed or not, on SQLite and on
PostgreSQL alike.
"""

import unicodedata
from types import SimpleNamespace

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.actions import queries
from moderation.audit import audit_log
from moderation.core.roles import make_person
from moderation.models import AuditEntry, Ban, Hold, Policy
from monitor.listing.filters import Filters
from monitor.pages import command_palette
from monitor.pages import queries as listing
from rooms import search
from rooms.infra import folded
from rooms.ingest import room_writer
from rooms.models import Room
from rooms.text import fold
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db
# what is stored -> what is typed
SPELLINGS = {
    "Ärger_1": ("ärger", "ÄRGER", "a\u0308rger", "A\u0308RGER_1", "är\u200bger"),
    "ÖFFENTLICHE Probe": ("öffentliche probe", "O\u0308ffentliche", "Öffentliche  Probe"),
    "Straße 7": ("STRASSE 7", "strasse", "straße", "Stra\u1e9ee"),
    "kapı_İstanbul": ("KAPı_i̇stanbul", "kapı_i\u0307", "kapı"),
    "ПРИВЕТ мир": ("привет", "МИР"),
    "e\u0301cole": ("école", "ÉCOLE", "E\u0301cole"),
    "深夜ライブ": ("深夜", "ライブ", unicodedata.normalize("NFD", "ライブ")),
    "100%_sure": ("100%_", "%_SURE"),
}
PAIRS = [(stored, typed) for stored, spellings in SPELLINGS.items() for typed in spellings]
NOTHING = ("kapi", "100x", "arger", "%%", "__")


@pytest.fixture(autouse=True)
def no_redis(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    search.live.forget()
    yield
    search.live.forget()


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_a_room_is_found_in_the_list_live_and_ended(stored, typed):
    make_room("live", name=stored)
    make_room("over", owner_account=stored, ended_at=timezone.now())
    make_room("other", name="something else")
    assert [room.room_id for room in listing.found(Filters(q=typed))] == ["live"]
    assert [room.room_id for room in listing.found(Filters(q=typed, state="ended"))] == ["over"]


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_live_rooms_and_past_ones_are_found_by_the_omnibox(stored, typed):
    live, over = (
        make_room("live", owner_name=stored),
        make_room("over", name=stored, ended_at=timezone.now()),
    )
    user = make_person("auditor", "auditor", "x")
    addresses = [hit.address for hit in command_palette.find(typed, user)]
    assert f"/rooms/{live.pk}" in addresses
    if fold(stored).startswith(fold(typed)):
        assert f"/rooms/{over.pk}" in addresses


@pytest.mark.parametrize(("stored", "typed"), PAIRS)
def test_bans_holds_and_the_record_are_found(stored, typed):
    policy = Policy.objects.get(code="violence")
    ban = Ban.objects.create(account=stored, policy=policy, by_name="x", until=None)
    noted = Ban.objects.create(
        account="b", policy=policy, by_name="x", until=None, note=f"see {stored}"
    )
    hold = Hold.objects.create(
        room_id="r", owner_account=stored, policy=policy, by_name="x", ban=ban
    )
    entry = audit_log.record(by="system:x", verb="note", outcome="done", room_name=stored)
    audit_log.record(by="system:x", verb="note", outcome="done", room_name="else")
    assert set(queries.bans(search=typed)) == {ban, noted}
    assert list(queries.holds(search=typed)) == [hold]
    assert list(queries.audit_entries({"target": typed})) == [entry]
    assert {hit.detail for hit in command_palette.banned_accounts(search.cleaned(typed))} == {"x"}


@pytest.mark.parametrize("typed", NOTHING)
def test_what_is_another_letter_or_a_sign_of_a_pattern_finds_nothing(typed):
    for number, stored in enumerate(SPELLINGS):
        make_room(f"room-{number}", name=stored)
    assert not listing.found(Filters(q=typed)).exists()


def test_a_query_without_anything_to_see_asks_for_nothing():
    make_room("live")
    assert [room.room_id for room in listing.found(Filters(q="\u200b"))] == ["live"]


def test_the_collector_folds_what_it_stores(monkeypatch):
    from liveapi.messages import RoomInfo

    monkeypatch.setattr(room_writer.fencing, "check_fence", lambda fence: None)
    told = RoomInfo("Räum", room_name="ÄRGER", owner_account="Öl", create_time=1_700_000_000)
    room_writer.upsert_room(told, at=1_700_000_100)
    assert Room.objects.values_list(*search.FOLDED).get() == ("räum", "ärger", "öl", "")
    room_writer.upsert_room(
        RoomInfo("Räum", room_name="Straße", create_time=1_700_000_000), at=1_700_000_200
    )
    assert Room.objects.get().folded_name == "strasse"


def test_the_order_of_names_is_that_of_their_folds_on_both_databases():
    names = ["zebra", "Äpfel", "apfel", "Zoo", "éa", "Ea", "ab", "AB", "_x", "日本", "ß"]
    for name in names:
        make_room(f"room-{name}", name=name)
    shown = [room.name for room in listing.found(Filters(sort="name"))]
    assert shown == sorted(names, key=lambda name: (fold(name), names.index(name)))


@given(st.text(max_size=300).filter(lambda text: "\x00" not in text))
def test_a_text_is_found_by_itself_in_any_case_and_form(text):
    assert fold(unicodedata.normalize("NFD", text)) == fold(text) == fold(fold(text))
    assert len(folded.folded(text)) <= folded.LONGEST


def test_rows_from_before_are_folded_in_steps():
    rooms = [make_room(f"room-{number}", name=f"Ä{number}") for number in range(7)]
    Room.objects.update(folded_name="", folded_room_id="")
    columns = {"folded_name": ["name"], "folded_room_id": ["room_id"]}
    assert folded.fill(
        "rooms_room", columns, SimpleNamespace(connection=connection), step=3
    ) == len(rooms)
    assert list(Room.objects.order_by("pk").values_list("folded_name", flat=True)) == [
        f"ä{n}" for n in range(7)
    ]


def test_the_record_takes_no_change_of_its_folds_either():
    entry = audit_log.record(by="system:x", verb="note", outcome="done", account="Ä")
    with pytest.raises(Exception, match="append-only"):
        AuditEntry.objects.filter(pk=entry.pk).update(folded="")
