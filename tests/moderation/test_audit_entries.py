"""What the record says of holds and platform bans, field by field, and which rows a change touches
and which not.
"""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from moderation.bans import enforcement, registry
from moderation.core.errors import Refused
from moderation.lifecycle import holds
from moderation.models import Action, AuditEntry, Ban, Hold, Policy
from rooms.live import push
from rooms.models import Room
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
MINUTE = dt.timedelta(minutes=1)
TOLD = (
    "actor",
    "verb",
    "outcome",
    "room_pk",
    "room_id",
    "room_name",
    "account",
    "reason",
    "note",
    "before",
    "after",
    "ban_id",
)


@pytest.fixture
def pushed(monkeypatch):
    """What pages are told: (room, act)."""
    told = []
    monkeypatch.setattr(push, "publish_act", lambda room, act: told.append((room, act)))
    return told


def entry(verb):
    found = AuditEntry.objects.get(verb=verb)
    return {name: getattr(found, name) for name in TOLD}


def done_end(room, policy, by, **more):
    return Action.objects.create(
        verb="end",
        room=room,
        policy=policy,
        by=None if isinstance(by, str) else by,
        by_name=by if isinstance(by, str) else by.username,
        status="done",
        due_at=NOW,
        give_up_at=NOW,
        **more,
    )


def stood(until, again=0, in_force=True, while_banned=False):
    return {
        "until": until.isoformat() if until else None,
        "while_banned": while_banned,
        "again": again,
        "in_force": in_force,
    }


# --- Holds ----------------------------------------------------------------------------------------


def test_the_entries_of_a_hold_from_its_end_to_its_lifting(
    room, policy, people, clock, committing, pushed
):
    about = {
        "room_pk": room.pk,
        "room_id": "room-1",
        "room_name": "Room-1",
        "account": "host-of-room-1",
        "reason": "violence",
        "ban_id": None,
        "outcome": "done",
    }
    with committing():
        hold = holds.place(done_end(room, policy, people["moderator"], note="blood"))
    assert (hold.by, hold.by_name, hold.policy) == (people["moderator"], "moderator", policy)
    until = NOW + 10 * MINUTE
    told = {
        "actor": "moderator",
        "verb": "hold",
        "note": "blood",
        "before": {},
        "after": stood(until),
    }
    assert entry("hold") == about | told
    assert pushed == [(room.pk, 0)]

    clock.shift(MINUTE)
    Room.objects.update(ended_at=NOW)
    newer = make_room(
        "room-1", create_time=int(NOW.timestamp()) + 5, name="Again", owner_account="host-of-room-1"
    )
    with committing():
        assert holds.place(done_end(newer, policy, "system:test", note="more")) == hold
    renewed = AuditEntry.objects.filter(verb="hold").latest("pk")
    assert (renewed.actor, renewed.note, renewed.room_pk, renewed.room_name) == (
        "system:test",
        "more",
        newer.pk,
        "Again",
    )
    assert (renewed.before, renewed.after) == (stood(until), stood(until + MINUTE))

    pushed.clear()
    hold.refresh_from_db()
    with committing():
        holds.lift(by=people["supervisor"], hold=hold, note="appeal")
    about |= {"room_pk": newer.pk, "room_name": "Again"}  # the newest broadcast of the RoomId
    told = {
        "actor": "supervisor",
        "verb": "lift_hold",
        "note": "appeal",
        "before": stood(until + MINUTE),
        "after": stood(until + MINUTE, in_force=False),
    }
    assert entry("lift_hold") == about | told
    assert (hold.lifted_at, hold.lifted_by_name, hold.lift_note) == (
        timezone.now(),
        "supervisor",
        "appeal",
    )
    assert pushed == [(newer.pk, 0)]


def test_the_entry_of_a_hold_that_is_over(policy, clock, committing):
    hold = Hold.objects.create(
        room_id="never-seen", owner_account="x", policy=policy, by_name="x", until=NOW + MINUTE
    )
    clock.shift(2 * MINUTE)
    with committing():
        assert holds.close_expired() == 1
    assert entry("hold_over") == {
        "actor": "system:expiry",
        "verb": "hold_over",
        "outcome": "done",
        "room_pk": None,
        "room_id": "never-seen",
        "room_name": "",
        "account": "x",
        "reason": "violence",
        "note": "",
        "ban_id": None,
        "before": stood(NOW + MINUTE),
        "after": stood(NOW + MINUTE, in_force=False),
    }
    hold.refresh_from_db()
    assert (hold.lifted_at, hold.lifted_by_name) == (timezone.now(), "system:expiry")


def test_a_hold_while_its_host_is_banned_has_no_time_of_its_own(room, policy):
    ban = Ban.objects.create(account=room.owner_account, policy=policy, by_name="x")
    Policy.objects.update(hold_seconds=0, hold_while_banned=True)
    policy.refresh_from_db()
    hold = holds.place(done_end(room, policy, "system:test"))
    assert (hold.until, hold.ban, hold.in_force) == (None, ban, True)
    assert entry("hold")["after"] == stood(None, while_banned=True)
    assert entry("hold")["ban_id"] == ban.pk
    assert (
        holds.place(done_end(make_room("room-2", owner_account="other"), policy, "system:test"))
        is None
    )


def test_a_renewal_takes_the_ban_and_the_later_end_of_both(room, policy, clock):
    hold = holds.place(done_end(room, policy, "system:test"))
    Room.objects.update(ended_at=NOW)
    ban = Ban.objects.create(account=room.owner_account, policy=policy, by_name="x")
    Policy.objects.update(hold_seconds=0, hold_while_banned=True)
    policy.refresh_from_db()
    again = make_room("room-1", create_time=1, owner_account=room.owner_account)
    holds.place(done_end(again, policy, "system:test"))
    hold.refresh_from_db()
    assert (hold.until, hold.ban) == (NOW + 10 * MINUTE, ban)


def test_a_hold_that_was_lifted_before_is_not_the_one_that_is_renewed(room, policy, people, clock):
    first = holds.place(done_end(room, policy, "system:test"))
    holds.lift(by=people["supervisor"], hold=first, note="n")
    Room.objects.update(ended_at=NOW)
    second = holds.place(done_end(make_room("room-1", create_time=1), policy, "system:test"))
    Room.objects.update(ended_at=NOW)
    clock.shift(MINUTE)
    assert (
        holds.place(done_end(make_room("room-1", create_time=2), policy, "system:test")) == second
    )
    assert Hold.objects.count() == 2


def test_lifting_takes_back_its_own_waiting_ends_and_no_others(policy, people, committing, pushed):
    first, second = (
        Hold.objects.create(room_id=name, policy=policy, by_name="x", until=NOW + MINUTE)
        for name in ("room-1", "room-2")
    )
    waiting = holds.on_broadcast_opened(make_room("room-1"))
    Room.objects.update(ended_at=NOW)
    under_way = holds.on_broadcast_opened(make_room("room-1", create_time=5))
    others = holds.on_broadcast_opened(make_room("room-2"))
    Action.objects.filter(pk=under_way.pk).update(status="calling")
    pushed.clear()
    with committing():
        holds.lift(by=people["supervisor"], hold=first, note="n")
    statuses = dict(Action.objects.values_list("pk", "status"))
    assert statuses == {waiting.pk: "undone", under_way.pk: "calling", others.pk: "requested"}
    [undone] = AuditEntry.objects.filter(outcome="undone")
    assert (undone.actor, undone.action_id, undone.before["status"]) == (
        "system:hold",
        waiting.pk,
        "requested",
    )
    waiting.refresh_from_db()
    assert waiting.finished_at == NOW and (waiting.room_id, waiting.pk) in pushed
    assert Hold.objects.in_force().get() == second


def test_an_end_again_is_the_holds_in_every_field(policy, queue, committing):
    hold = Hold.objects.create(room_id="room-1", policy=policy, by_name="x", until=NOW + MINUTE)
    with committing():
        end = holds.on_broadcast_opened(make_room("room-1"))
    assert (end.verb, end.by_name, end.hold, end.policy, end.due_at, end.ban) == (
        "end",
        "system:hold",
        hold,
        policy,
        NOW,
        None,
    )
    assert queue == [end.pk]
    hold.refresh_from_db()
    assert (hold.again, hold.last_again_at) == (1, NOW)
    Room.objects.update(ended_at=NOW)
    end.room.refresh_from_db()
    assert holds.on_broadcast_opened(end.room) is None


# --- Bans -----------------------------------------------------------------------------------------


def test_the_entries_of_a_ban_from_placing_to_lifting(room, policy, people, clock, committing):
    key, until = uuid.uuid4(), NOW + 60 * MINUTE
    ban = registry.place(
        by=people["banadmin"],
        account="troll",
        policy=policy,
        until=until,
        note="raid",
        room=room,
        key=key,
    )
    assert (ban.key, ban.account, ban.policy, ban.note, ban.until) == (
        key,
        "troll",
        policy,
        "raid",
        until,
    )
    assert (ban.by, ban.by_name, ban.orders_due) == (people["banadmin"], "banadmin", True)
    state = {"until": until.isoformat(), "in_force": True}
    about = {
        "room_pk": None,
        "room_id": "",
        "room_name": "",
        "account": "troll",
        "reason": "violence",
        "ban_id": ban.pk,
        "outcome": "done",
    }
    from_room = {"room_pk": room.pk, "room_id": "room-1", "room_name": "Room-1"}
    told = {
        "actor": "banadmin",
        "verb": "platform_ban",
        "note": "raid",
        "before": {},
        "after": state,
    }
    assert entry("platform_ban") == about | from_room | told

    clock.shift(MINUTE)
    registry.change(by=people["supervisor"], ban=ban, version=1, until=None, note="for ever")
    forever = {"until": "permanent", "in_force": True}
    told = {
        "actor": "supervisor",
        "verb": "change_ban",
        "note": "for ever",
        "before": state,
        "after": forever,
    }
    assert entry("change_ban") == about | told
    assert (ban.version, ban.changed_at, ban.until, ban.orders_due) == (
        2,
        timezone.now(),
        None,
        True,
    )

    registry.lift(by=people["banadmin"], ban=ban, note="appeal")
    lifted = {"until": "permanent", "in_force": False}
    told = {
        "actor": "banadmin",
        "verb": "lift_ban",
        "note": "appeal",
        "before": forever,
        "after": lifted,
    }
    assert entry("lift_ban") == about | told
    assert (ban.lifted_at, ban.lifted_by_name, ban.lift_note) == (
        timezone.now(),
        "banadmin",
        "appeal",
    )


def test_undo_is_a_lifting_with_a_name_of_its_own(policy, people):
    ban = registry.place(by="system:test", account="troll", policy=policy, until=None)
    assert (ban.by, ban.by_name) == (None, "system:test")
    registry.undo(by=people["banadmin"], ban=ban)
    assert (entry("undo_ban")["actor"], entry("undo_ban")["note"]) == ("banadmin", "Undone.")
    assert not ban.in_force


def test_the_entry_of_a_ban_whose_time_is_over(policy, clock):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x", until=NOW + MINUTE)
    still = Ban.objects.create(account="other", policy=policy, by_name="x", until=NOW + 3 * MINUTE)
    clock.shift(2 * MINUTE)
    assert registry.close_expired(Ban.objects.all()) == 1
    state = {"until": (NOW + MINUTE).isoformat()}
    told = entry("ban_expired")
    assert (told["actor"], told["ban_id"], told["outcome"]) == ("system:expiry", ban.pk, "done")
    assert (told["before"], told["after"]) == (
        state | {"in_force": True},
        state | {"in_force": False},
    )
    ban.refresh_from_db()
    assert (ban.expired_at, ban.orders_due) == (timezone.now(), False)
    assert list(Ban.objects.not_closed()) == [still]
    clock.shift(10 * MINUTE)
    Ban.objects.create(account="third", policy=policy, by_name="x", until=timezone.now())
    assert registry.close_expired(Ban.objects.all(), limit=1) == 1


@pytest.mark.parametrize(
    ("call", "status", "words"),
    [
        (
            lambda by, ban: registry.place(by=by, account="x", policy=ban.policy, until=NOW),
            422,
            "must end in the future",
        ),
        (
            lambda by, ban: registry.place(by=by, account="a b", policy=ban.policy, until=None),
            422,
            "",
        ),
        (
            lambda by, ban: registry.change(by=by, ban=ban, version=1, until=NOW, note="n"),
            422,
            "must end in the future",
        ),
        (
            lambda by, ban: registry.change(by=by, ban=ban, version=1, until=None, note=" "),
            422,
            "Explain why it is changed",
        ),
        (
            lambda by, ban: registry.change(by=by, ban=ban, version=2, until=None, note="n"),
            409,
            "changed this ban meanwhile",
        ),
        (lambda by, ban: registry.lift(by=by, ban=ban, note=""), 422, "Explain why it is lifted"),
        (lambda by, ban: registry.lift(by=by, ban=Ban(pk=0), note="n"), 409, "no longer in force"),
    ],
)
def test_a_change_of_the_registry_is_refused_in_words_and_with_its_status(
    call, status, words, people, policy
):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    with pytest.raises(Refused, match=words) as refused:
        call(people["banadmin"], ban)
    assert refused.value.status == status
    ban.refresh_from_db()
    assert (ban.version, AuditEntry.objects.count()) == (1, 0)


def test_a_ban_in_force_is_given_back_whoever_placed_it(policy):
    first = registry.place(by="system:a", account="troll", policy=policy, until=None)
    other = registry.place(by="system:b", account="other", policy=policy, until=None)
    assert (
        registry.place(by="system:b", account="troll", policy=policy, until=None) == first != other
    )


def test_an_order_of_a_ban_is_the_bans_in_every_field(room, policy, clock):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x", until=NOW + 60 * MINUTE)
    clock.shift(MINUTE)
    placed = registry.enforce(ban, room)
    own = registry.enforce(ban, make_room("own", owner_account="troll"))
    assert (placed.verb, placed.account, placed.seconds, placed.ban, placed.policy) == (
        "room_ban",
        "troll",
        3540,
        ban,
        policy,
    )
    assert (own.verb, own.account, own.ban, own.policy, own.due_at) == (
        "end",
        "",
        ban,
        policy,
        timezone.now(),
    )
    assert {placed.by_name, own.by_name} == {enforcement.ACTOR} == {"system:platform-ban"}
    assert registry.enforce(ban, make_room("over", ended_at=NOW)) is None


def test_rooms_are_told_of_a_ban_once_a_version(policy, clock):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x", changed_at=NOW)
    other = Ban.objects.create(account="other", policy=policy, by_name="x", changed_at=NOW)
    own, large = make_room("own", owner_account="troll"), make_room("large", online=1001)
    told = make_room("told")
    make_room("small", online=1000)
    make_room("over", owner_account="troll", ended_at=NOW)
    clock.shift(-MINUTE)
    registry.enforce(ban, told)
    registry.enforce(other, make_room("other's"))
    clock.shift(2 * MINUTE)
    assert set(registry.rooms_to_enforce(ban)) == {own, large, told}
    for room in (own, large):
        registry.enforce(ban, room)
    registry.enforce(other, told)
    assert set(registry.rooms_to_enforce(ban)) == {told}
    Action.objects.filter(room=large).update(status="failed")
    assert set(registry.rooms_to_enforce(ban)) == {told, large}


def test_what_became_of_a_ban_meanwhile_keeps_its_orders_due(policy, monkeypatch):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x", orders_due=True)
    other = Ban.objects.create(account="other", policy=policy, by_name="x", orders_due=True)

    def changed_meanwhile(found):
        Ban.objects.filter(pk=found.pk).update(version=2)
        return []

    with monkeypatch.context() as patch:
        patch.setattr(registry, "rooms_to_enforce", changed_meanwhile)
        registry.enforce_everywhere(ban.pk)
    ban.refresh_from_db()
    assert ban.orders_due
    registry.enforce_everywhere(ban.pk)
    ban.refresh_from_db(), other.refresh_from_db()
    assert (ban.orders_due, other.orders_due) == (False, True)


def test_a_lifted_ban_takes_back_its_own_waiting_orders_and_no_others(policy, people):
    ban, other = (
        Ban.objects.create(account=name, policy=policy, by_name="x") for name in ("troll", "other")
    )
    rooms = [make_room(f"room-{number}") for number in range(4)]
    waiting, sent = registry.enforce(ban, rooms[0]), registry.enforce(ban, rooms[1])
    foreign = registry.enforce(other, rooms[0])
    person = acting.member_act(
        by=people["moderator"],
        verb="mute",
        room=rooms[0],
        account="troll",
        policy=policy,
        seconds=9,
    )
    Action.objects.filter(pk=sent.pk).update(status="done")
    Ban.objects.filter(pk=ban.pk).update(lifted_at=NOW)
    assert registry.revoke_everywhere(ban)
    statuses = dict(Action.objects.exclude(verb="room_unban").values_list("pk", "status"))
    assert statuses == {
        waiting.pk: "undone",
        sent.pk: "done",
        foreign.pk: "requested",
        person.pk: "requested",
    }
    waiting.refresh_from_db()
    assert waiting.finished_at == NOW
    [undone] = AuditEntry.objects.filter(outcome="undone")
    assert (undone.actor, undone.action_id, undone.before["status"]) == (
        "system:lifted-ban",
        waiting.pk,
        "requested",
    )
    [lifting] = Action.objects.filter(verb="room_unban")
    assert (lifting.room, lifting.account, lifting.ban, lifting.policy) == (
        rooms[1],
        "troll",
        ban,
        policy,
    )
    assert lifting.by_name == "system:lifted-ban"
    assert registry.revoke_everywhere(ban) and Action.objects.filter(verb="room_unban").count() == 1


@pytest.mark.parametrize("status", ["calling", "unknown"])
def test_a_lifting_waits_for_a_ban_that_is_on_its_way(status, policy):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x", lifted_at=NOW)
    room = make_room("room-1")
    order = acting.create_action(
        by="system:x",
        verb="room_ban",
        room=room,
        account="troll",
        policy=policy,
        ban=ban,
        seconds=9,
    )
    Action.objects.update(status=status)
    assert not registry.revoke_everywhere(ban)
    assert not Action.objects.filter(verb="room_unban").exists()
    Action.objects.filter(pk=order.pk).update(status="done")
    assert registry.revoke_everywhere(ban)
    assert Action.objects.filter(verb="room_unban").count() == 1


@pytest.mark.parametrize("module", [holds, registry])
def test_an_order_that_a_worker_claims_this_moment_is_not_taken_back(module, policy, monkeypatch):
    hold = Hold.objects.create(room_id="room-1", policy=policy, by_name="x", until=NOW + MINUTE)
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    order = (
        holds.on_broadcast_opened(make_room("room-1"))
        if module is holds
        else registry.enforce(ban, make_room("room-1"))
    )

    def claimed_meanwhile():
        Action.objects.filter(pk=order.pk).update(status="calling")
        return NOW

    monkeypatch.setattr(module.database_time, "now", claimed_meanwhile)
    module.take_back_orders(hold if module is holds else ban)
    order.refresh_from_db()
    assert order.status == "calling"
    assert not AuditEntry.objects.filter(outcome="undone").exists()
