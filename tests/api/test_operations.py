"""What the API answers, and every refusal in words."""

import pytest
from django.db import OperationalError
from django.utils import timezone

from moderation.lifecycle import limits
from moderation.models import (
    Action,
    Alert,
    AuditEntry,
    Ban,
    PlannedRoom,
    TimeLimit,
    UserReport,
)
from rooms.models import ReportedGift, Room, RoomEvent

pytestmark = pytest.mark.django_db
BY = {"reason": "violence"}


def told(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert "Traceback" not in problem["detail"]
    return problem["detail"]


def test_rooms_are_listed_in_pages_with_ages(backend, make_known):
    rooms = [make_known(f"room-{n}", online=n, online_at=1_700_000_000) for n in range(5)]
    Room.objects.filter(pk=rooms[1].pk).update(ended_at=timezone.now())

    first = backend.get("rooms", limit=2).json()
    second = backend.get("rooms", limit=2, after=first["next"]).json()

    assert [room["room_id"] for room in first["rooms"] + second["rooms"]] == [
        "room-0",
        "room-2",
        "room-3",
        "room-4",
    ]
    assert second["next"] is None
    online = first["rooms"][1]["online"]
    assert (online["value"], online["read_at"]) == (2, 1_700_000_000)
    assert online["age_seconds"] > 0
    assert first["rooms"][0]["reward"] == {
        "value": None,
        "source": "vendor",
        "read_at": None,
        "age_seconds": None,
    }
    assert [r["room_id"] for r in backend.get("rooms", state="ended").json()["rooms"]] == ["room-1"]
    assert [r["room_id"] for r in backend.get("rooms", owner="host-of-room-3").json()["rooms"]] == [
        "room-3"
    ]


@pytest.mark.parametrize(
    "query", [{"limit": 0}, {"limit": "x"}, {"after": -1}, {"state": "dead"}, {"own": "x"}]
)
def test_nonsense_in_the_query_is_refused(query, backend):
    assert next(iter(query)) in told(backend.get("rooms", **query), 422)


def test_an_end_is_ordered_without_grace_and_the_record_names_the_token(backend, room, queue):
    answer = backend.post("rooms/end", {"room_id": "room-1", "note": "case 1", **BY})

    act = Action.objects.get()
    assert answer.json()["number"] == act.pk
    assert (act.verb, act.by, act.by_name, act.note) == ("end", None, "api:backend", "case 1")
    assert act.due_at <= timezone.now()
    assert AuditEntry.objects.filter(
        action_id=act.pk, actor="api:backend", reason="violence"
    ).exists()
    assert backend.get(f"acts/{act.pk}").json()["is_open"] is True
    assert [each["number"] for each in backend.get(f"rooms/{room.pk}/acts").json()["acts"]] == [
        act.pk
    ]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"room_id": "nowhere", **BY}, 404, "No broadcast"),
        ({"room_id": "room-1", "create_time": 1, **BY}, 409, "A newer broadcast"),
        ({"room_id": "room-1", "reason": "none-such"}, 409, "violence"),
        ({"room_id": "room-1"}, 422, "body.reason"),
        ({"room_id": "room-1", "rom": 1, **BY}, 422, "body.rom"),
        ({"room_id": 7, **BY}, 422, "body.room_id"),
        ({"room_id": "a\x00b", **BY}, 422, "body.room_id"),
        ({"room_id": "room-1", "note": "\ud800", **BY}, 422, "body.note"),
        ("{", 400, "JSON"),
        ("[" * 100_000, 400, "JSON"),
        ("9" * 5000, 400, "JSON"),
        (b"\xff", 400, "JSON"),
        ("null", 422, "body"),
        ("x" * 300_000, 413, "bytes"),
    ],
)
def test_an_end_that_is_refused(body, status, words, backend, room):
    assert words in told(backend.post("rooms/end", body), status)
    assert not Action.objects.exists()


def test_the_create_time_may_be_given(backend, room):
    body = {"room_id": "room-1", "create_time": room.create_time, **BY}
    assert backend.post("rooms/end", body).status_code == 202


def test_a_room_is_planned_and_cancelled(backend):
    soon = int(timezone.now().timestamp()) + 3600
    body = {
        "room_id": "new",
        "owner_account": "host",
        "starts_at": soon,
        "time_limit_seconds": 3600,
        **BY,
    }

    made = backend.post("rooms", body).json()

    plan = PlannedRoom.objects.get()
    assert (plan.by_name, int(plan.starts_at.timestamp()), plan.visibility) == (
        "api:backend",
        soon,
        "on_start",
    )
    assert made["is_open"] is True
    assert backend.get(f"plans/{plan.pk}").json()["status"] == "planned"
    assert backend.post("plans/cancel", {"plan": plan.pk}).json()["status"] == "cancelled"
    assert "number" in told(backend.post("plans/cancel", {"plan": 999}), 404)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"name": "字" * 50}, "name: At most 100 bytes"),
        ({"starts_at": 5}, "starts_at"),
        ({"starts_at": 2**40}, "too far"),
        ({"cover_url": "javascript:1"}, "cover_url"),
        ({"seat_template": "Round"}, "seat_template"),
        ({"categories": [1, 2, 3, 4]}, "categories"),
        ({"room_id": "x" * 49}, "room_id"),
    ],
)
def test_a_room_that_the_vendor_would_not_take_is_refused(wrong, words, backend):
    assert words in told(
        backend.post("rooms", {"room_id": "new", "owner_account": "host", **BY} | wrong), 422
    )
    assert not PlannedRoom.objects.exists()


def test_a_banned_host_gets_no_room(backend, policy):
    Ban.objects.create(account="host", policy=policy, by_name="x")
    assert "banned" in told(
        backend.post("rooms", {"room_id": "new", "owner_account": "host", **BY}), 409
    )


def test_a_limit_is_set_and_extended(backend, room):
    ends = int(timezone.now().timestamp()) + 3600
    backend.post("limits", {"room_id": "room-1", "ends_at": ends, **BY})
    answer = backend.post(
        "limits/extend", {"room_id": "room-1", "seconds": 600, "version": 1, **BY}
    ).json()

    assert (answer["ends_at"], answer["extended"], answer["version"]) == (ends + 600, 1, 2)
    again = {"room_id": "room-1", "seconds": 600, "version": 1, **BY}
    assert "changed" in told(backend.post("limits/extend", again), 409)
    assert "no time limit" in told(
        backend.post("limits/extend", {"room_id": "x", "seconds": 600, **BY}), 404
    )
    assert TimeLimit.objects.get().by_name == "api:backend"


@pytest.mark.parametrize(
    "fields", [{}, {"ends_at": 5}, {"ends_at": 2**39, "seconds": 600}, {"ends_at": 2**40}]
)
def test_a_limit_that_makes_no_sense_is_refused(fields, backend):
    told(backend.post("limits", {"room_id": "room-1", **BY} | fields), 422)
    assert not TimeLimit.objects.exists()


def test_a_ban_is_placed_once_and_lifted(backend):
    first = backend.post("bans", {"account": "troll", "seconds": None, "unseen": True, **BY}).json()
    second = backend.post("bans", {"account": "troll", "seconds": 60, **BY}).json()
    assert (first["number"], first["until"]) == (second["number"], second["until"])

    assert (
        backend.post("bans/lift", {"account": "troll", "note": "appeal"}).json()["in_force"]
        is False
    )
    assert Ban.objects.get().lifted_by_name == "api:backend"
    assert "not banned" in told(
        backend.post("bans/lift", {"account": "troll", "note": "appeal"}), 404
    )


def test_gifts_are_counted_once_each_and_all_or_none(backend, room):
    gifts = [{"id": f"g-{n}", "room_id": "room-1", "coins": 10} for n in range(3)]
    assert backend.post("gifts", {"gifts": gifts}).json() == {"new": 3, "known": 0}
    assert backend.post("gifts", {"gifts": gifts[1:]}).json() == {"new": 0, "known": 2}
    lost = [*gifts[:1], {"id": "g-9", "room_id": "nowhere", "coins": 10}]
    assert "nowhere" in told(backend.post("gifts", {"gifts": lost}), 404)

    room.refresh_from_db()
    assert (room.reported_coins, room.reported_gifts, room.reward) == (30, 3, None)
    assert ReportedGift.objects.count() == 3


def test_two_backends_may_name_their_gifts_alike(caller, room):
    for name in ("one", "two"):
        caller(name=name).post("gifts", {"gifts": [{"id": "g", "room_id": "room-1", "coins": 10}]})
    room.refresh_from_db()
    assert room.reported_coins == 20


def test_labels_are_stored_once_each(backend, room):
    found = [{"id": "l-1", "room_id": "room-1", "label": "吸烟", "score": 92.5, "account": "a"}]
    assert backend.post("labels", {"labels": found}).json() == {"new": 1, "known": 0}
    assert backend.post("labels", {"labels": found}).json() == {"new": 0, "known": 1}
    assert RoomEvent.objects.get().detail["source"] == "api:backend"


@pytest.mark.parametrize("score", [-1, 101, "90", None])
def test_a_label_that_is_none_is_refused(score, backend, room):
    found = [{"id": "l", "room_id": "room-1", "label": "x", "score": score}]
    assert "score" in told(backend.post("labels", {"labels": found}), 422)


@pytest.mark.parametrize(
    "path", ["rooms/999", "rooms/999/acts", "acts/999", "plans/999", f"rooms/{10**30}"]
)
def test_what_is_not_there_is_told(path, backend):
    told(backend.get(path), 404)


def test_a_database_that_does_not_answer_is_told_and_nothing_is_done(backend, room, monkeypatch):
    def away(**_):
        raise OperationalError("database is locked")

    monkeypatch.setattr(limits, "set_limit", away)
    answer = backend.post("limits", {"room_id": "room-1", "seconds": 600, **BY})
    assert "does not answer" in told(answer, 503)
    assert answer["Retry-After"]


@pytest.mark.parametrize("debug", [False, True])
def test_a_failure_shows_no_trace_of_the_code(debug, backend, settings, monkeypatch):
    settings.DEBUG = debug
    monkeypatch.setattr(limits, "set_limit", lambda **_: 1 / 0)
    answer = backend.post("limits", {"room_id": "room-1", "seconds": 600, **BY})
    assert "division" not in told(answer, 500)


def test_an_account_that_nobody_has_seen_is_banned_only_when_the_request_says_so(backend, service):
    service.answers["account_check"] = ()
    asked = {"account": "typo", "seconds": 60, **BY}
    assert "unseen" in told(backend.post("bans", asked), 409)
    assert not Ban.objects.exists()
    assert backend.post("bans", asked | {"unseen": True}).status_code == 200


def test_an_account_with_something_unseen_in_it_is_refused_and_around_it_taken_off(backend, room):
    assert "U+200B" in told(
        backend.post("bans", {"account": "mal\u200blory", "seconds": 60, **BY}), 409
    )
    asked = {"account": f"{room.owner_account}\u200b", "seconds": 60, **BY}
    assert backend.post("bans", asked).json()["account"] == room.owner_account


@pytest.mark.parametrize(
    "given", ["tr\u00f6ll\u200b", "\ufefftro\u0308ll", "\u2068tr\u00f6ll\u2069"]
)
def test_a_ban_is_lifted_however_its_account_was_pasted(given, backend, room):
    asked = {"account": "tr\u00f6ll", "seconds": 60, "unseen": True, **BY}
    assert backend.post("bans", asked).status_code == 200
    assert backend.post("bans/lift", {"account": given, "note": "over"}).status_code == 200
    assert not Ban.objects.in_force().exists()


def test_nothing_is_lifted_for_what_is_no_account(backend):
    assert "U+200B" in told(
        backend.post("bans/lift", {"account": "tr\u200boll", "note": "over"}), 409
    )


def test_a_banned_owner_gets_no_room_by_another_spelling(backend):
    backend.post("bans", {"account": "tr\u00f6ll", "seconds": 60, "unseen": True, **BY})
    body = {"room_id": "new", "owner_account": "tro\u0308ll\u200b", **BY}
    assert "banned" in told(backend.post("rooms", body), 409)
    assert "U+200B" in told(backend.post("rooms", body | {"owner_account": "a\u200bb"}), 422)
    assert not PlannedRoom.objects.exists()


def test_labels_are_about_the_account_that_is_meant(backend, room):
    def label(account, key):
        return {"id": key, "room_id": room.room_id, "label": "gun", "score": 90, "account": account}

    given = [
        label("tro\u0308ll", "1"),
        label("\ufefftr\u00f6ll", "2"),
        label(f"{room.owner_account}\u200b", "3"),
    ]
    assert backend.post("labels", {"labels": given}).status_code == 200
    accounts = list(RoomEvent.objects.order_by("pk").values_list("account", flat=True))
    assert accounts == ["tr\u00f6ll", "tr\u00f6ll", room.owner_account]
    assert "U+200B" in told(backend.post("labels", {"labels": [label("a\u200bb", "4")]}), 409)


def test_rooms_of_an_owner_are_found_however_the_account_was_pasted(backend, make_known):
    make_known("room-1", owner_account="\u00e4nna")
    assert len(backend.get("rooms", owner="a\u0308nna\u200b").json()["rooms"]) == 1


def test_reports_of_users_are_stored_once_each_and_raise_one_alert(backend, room):
    def report(key, **more):
        given = {"id": key, "room_id": "room-1", "reporter": "bob", "category": "嫌がらせ"}
        return given | {"account": "tro\u0308ll", "text": "insults"} | more

    told_once = {"reports": [report("1"), report("2", reporter="ann"), report("3", account=None)]}
    assert backend.post("reports", told_once).json() == {"new": 3, "known": 0}
    assert backend.post("reports", told_once).json() == {"new": 0, "known": 3}
    found = Alert.objects.get(account="tr\u00f6ll")
    assert (found.source, found.evidence["reporters"], found.count) == ("system:reports", 2, 1)
    entry = AuditEntry.objects.get(verb="report_users")
    assert (entry.actor, entry.after["new"], entry.room_id) == ("api:backend", 3, "room-1")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"reporter": ""}, 422),
        ({"reporter": None}, 422),
        ({"category": " "}, 422),
        ({"category": "x" * 61}, 422),
        ({"text": "x" * 501}, 422),
        ({"account": "a b"}, 422),
        ({"account": "a\u200bb"}, 409),
        ({"room_id": "never-seen"}, 404),
        ({"shout": True}, 422),
    ],
)
def test_a_report_that_is_none_is_refused_and_nothing_is_stored(wrong, status, backend, room):
    good = {"id": "1", "room_id": "room-1", "reporter": "bob", "category": "fraud"}
    answer = backend.post("reports", {"reports": [good, good | {"id": "2"} | wrong]})
    assert answer.status_code == status
    assert not (UserReport.objects.exists() or Alert.objects.exists())


def test_more_than_a_hundred_reports_at_once_are_refused(backend, room):
    each = {"room_id": "room-1", "reporter": "bob", "category": "fraud"}
    many = [each | {"id": str(number)} for number in range(101)]
    assert backend.post("reports", {"reports": many}).status_code == 422
