"""An order keeps exactly what was asked, its entry exactly what was ordered; refusals have their
words and their status.
"""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from moderation.actions import amendments, orders, preconditions
from moderation.automation import engine
from moderation.core import limits
from moderation.core.errors import Refused
from moderation.lifecycle import holds
from moderation.models import Action, AuditEntry, Ban, Hold, Policy
from moderation.worker import executor
from rooms.models import Room
from tests.moderation import acting
from tests.support.clocks import NOW
from tests.support.factories import make_room

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
KEY = uuid.UUID("11111111-1111-4111-8111-111111111111")


TAKEN = [
    ("end", {}, {"due_at": NOW + dt.timedelta(seconds=3)}),
    ("warn", {"text": " Stop. "}, {"text": "Stop.", "arguments": {"language": "en"}}),
    ("mute", {"account": " troll ", "seconds": 60}, {"account": "troll", "seconds": 60}),
    ("unmute", {"account": "troll", "seconds": 60}, {"account": "troll", "seconds": None}),
    ("room_ban", {"account": "troll", "seconds": 60}, {"account": "troll", "seconds": 60}),
    ("room_unban", {"account": "troll"}, {"account": "troll", "seconds": None}),
    ("hide", {}, {"arguments": {}}),
    ("edit", {"arguments": {"room_name": "New"}}, {"arguments": {"room_name": "New"}}),
]


@pytest.mark.parametrize(("verb", "asked", "kept"), TAKEN)
def test_what_a_form_holds_is_what_is_ordered_and_recorded(
    verb, asked, kept, people, room, policy, settings, queue, committing
):
    settings.END_GRACE_SECONDS = 3.0
    Room.objects.filter(pk=room.pk).update(online=7, reward=8)
    room.refresh_from_db()
    with committing():
        action = acting.submit(
            by=people["moderator"],
            verb=verb,
            room=room,
            policy=policy,
            key=KEY,
            note="seen twice",
            **asked,
        )
    stored = Action.objects.get()
    assert stored == action and (stored.key, stored.verb, stored.room, stored.policy) == (
        KEY,
        verb,
        room,
        policy,
    )
    assert (stored.by, stored.by_name, stored.note) == (
        people["moderator"],
        "moderator",
        "seen twice",
    )
    expected = {"account": "", "seconds": None, "text": "", "arguments": {}, "due_at": NOW} | kept
    assert {name: getattr(stored, name) for name in expected} == expected
    assert stored.give_up_at == stored.due_at + dt.timedelta(seconds=settings.ACT_RETRY_SECONDS)
    assert (stored.ban, stored.hold, stored.retry_of, stored.undoes, stored.status) == (
        None,
        None,
        None,
        None,
        "requested",
    )
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.outcome, entry.action_id) == (
        "moderator",
        verb,
        "requested",
        stored.pk,
    )
    assert (entry.room_pk, entry.account, entry.reason, entry.note) == (
        room.pk,
        stored.account,
        "violence",
        "seen twice",
    )
    assert entry.before == {"online": 7, "reward": 8, "is_live": True}
    assert queue == [stored.pk]


def test_the_words_of_a_warning_are_the_persons_else_the_reasons_else_its_title(
    people, room, policy
):
    said = []
    for text, of_policy in (("Mine", "Its text"), ("  ", "Its text"), ("", "")):
        Policy.objects.filter(pk=policy.pk).update(text=of_policy)
        policy.refresh_from_db()
        warning = acting.warn_host(
            by="system:test", room=room, policy=policy, key=uuid.uuid4(), text=text
        )
        said.append(warning.text)
        Action.objects.update(status="done")
    assert said == ["Mine", "Its text", policy.title]


def test_who_retries_orders_the_same_in_every_respect(people, room, policy):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    hold = Hold.objects.create(room_id="room-1", policy=policy, by_name="x")
    failed = acting.create_action(
        by="system:test",
        verb="warn",
        room=room,
        policy=policy,
        account="troll",
        seconds=60,
        text="Stop.",
        note="why",
        ban=ban,
        hold=hold,
        arguments={"a": 1},
    )
    with pytest.raises(Refused, match="Only a failed action can be tried again"):
        amendments.retry(by=people["supervisor"], action=failed, key=KEY)
    Action.objects.update(status="failed")
    failed.refresh_from_db()
    again = amendments.retry(by=people["supervisor"], action=failed, key=KEY)
    same = (
        "verb",
        "room",
        "account",
        "seconds",
        "text",
        "policy",
        "note",
        "ban",
        "hold",
        "undoes",
        "arguments",
    )
    assert {name: getattr(again, name) for name in same} == {
        name: getattr(failed, name) for name in same
    }
    assert (again.retry_of, again.key, again.by_name, again.status) == (
        failed,
        KEY,
        "supervisor",
        "requested",
    )
    assert AuditEntry.objects.get(action_id=again.pk).after["retry_of"] == failed.pk


@pytest.mark.parametrize(
    ("call", "status", "words"),
    [
        (lambda room, policy: {"account": " "}, 422, "Give an account."),
        (lambda room, policy: {"account": room.owner_account}, 409, "This is the host."),
        (lambda room, policy: {"account": "troll", "seconds": None}, 422, "Give a length of time."),
        (lambda room, policy: {"account": "troll", "seconds": 0}, 422, "Give a length of time."),
        (
            lambda room, policy: {"account": "troll", "seconds": limits.MAX_SECONDS + 1},
            422,
            "Give a length of time.",
        ),
    ],
)
@pytest.mark.parametrize("verb", ["mute", "room_ban"])
def test_an_act_on_a_member_is_refused_in_words_and_with_its_status(
    verb, call, status, words, room, policy
):
    asked = {"account": "troll", "seconds": 60} | call(room, policy)
    with pytest.raises(Refused, match=words) as refused:
        acting.member_act(by="system:test", verb=verb, room=room, policy=policy, **asked)
    assert refused.value.status == status
    assert not Action.objects.exists()


@pytest.mark.parametrize("seconds", [1, limits.MAX_SECONDS])
def test_the_shortest_and_the_longest_ban_are_taken(seconds, room, policy):
    act = acting.member_act(
        by="system:test",
        verb="room_ban",
        room=room,
        account="troll",
        policy=policy,
        seconds=seconds,
    )
    assert act.seconds == seconds


def test_a_host_may_be_unmuted_in_the_own_room(room, policy):
    act = acting.member_act(
        by="system:test", verb="unmute", room=room, account=room.owner_account, policy=policy
    )
    assert act.verb == "unmute"


@pytest.mark.parametrize("verb", ["room_unban", "unmute"])
def test_what_a_platform_ban_does_is_not_weakened_by_hand(verb, room, policy):
    Ban.objects.create(account="troll", policy=policy, by_name="x")
    with pytest.raises(Refused, match="A platform ban is the cause"):
        acting.member_act(by="system:test", verb=verb, room=room, account="troll", policy=policy)
    assert acting.member_act(by="system:test", verb=verb, room=room, account="other", policy=policy)
    Ban.objects.update(lifted_at=NOW)
    assert acting.member_act(by="system:test", verb=verb, room=room, account="troll", policy=policy)


def test_who_is_too_late_reads_who_ended_it_and_when(room, policy):
    Room.objects.filter(pk=room.pk).update(ended_at=NOW)
    room.refresh_from_db()
    with pytest.raises(Refused, match=r"^This broadcast has ended\.$"):
        preconditions.require_live(room)
    Action.objects.create(
        verb="end",
        room=room,
        policy=policy,
        by_name="anna",
        status="done",
        due_at=NOW,
        give_up_at=NOW,
        finished_at=NOW,
    )
    Action.objects.create(
        verb="warn",
        room=room,
        policy=policy,
        by_name="berta",
        status="done",
        due_at=NOW,
        give_up_at=NOW,
        finished_at=NOW,
    )
    at = f"{timezone.localtime(NOW):%H:%M:%S %Z}"
    with pytest.raises(Refused, match=rf"^This broadcast has ended: by anna at {at}\.$"):
        preconditions.require_live(room)


# --- Changes of the room --------------------------------------------------------------------------


def settled(verb, room, policy, status="done", result=None, seconds=0, **more):
    at = NOW + dt.timedelta(seconds=seconds)
    return Action.objects.create(
        verb=verb,
        room=room,
        policy=policy,
        by_name="anna",
        status=status,
        due_at=at,
        give_up_at=at,
        finished_at=at,
        result=result or {},
        **more,
    )


def test_the_quarantine_of_a_room_is_the_last_that_no_release_followed(room, policy):
    other = make_room("room-2")
    assert preconditions.quarantine_of(room) is None
    settled("quarantine", other, policy)
    settled("quarantine", room, policy, status="failed")
    assert preconditions.quarantine_of(room) is None
    first = settled("quarantine", room, policy, seconds=5)
    assert preconditions.quarantine_of(room) == first
    settled("release", room, policy, seconds=1)  # recorded later, finished before
    assert preconditions.quarantine_of(room) == first
    settled("release", room, policy, seconds=9)
    assert preconditions.quarantine_of(room) is None
    settled("warn", room, policy, seconds=20)
    again = settled("quarantine", room, policy, seconds=30, status="already")
    assert preconditions.quarantine_of(room) == again


@pytest.mark.parametrize("verb", ["publish", "unmute_all", "quarantine"])
@pytest.mark.parametrize("state", ["done", "requested"])
def test_a_quarantined_room_is_opened_by_its_release_only(verb, state, room, policy):
    settled("quarantine", room, policy, status=state)
    refused = not (
        verb == "quarantine" and state == "requested"
    )  # the same order again: the first stands
    if refused:
        with pytest.raises(Refused, match=r"in quarantine, by anna since .* Release it, or end it"):
            preconditions.must_not_open(verb, room)
    else:
        preconditions.must_not_open(verb, room)
    preconditions.must_not_open("hide", room)
    preconditions.must_not_open(verb, make_room("room-2"))


def test_a_release_makes_of_the_room_what_it_was(room, policy):
    assert preconditions.state_before(None) == {
        "is_public_visible": True,
        "is_message_disabled": False,
    }
    was = {"is_public_visible": False, "is_message_disabled": True, "notice": "N"}
    quarantine = settled("quarantine", room, policy, result={"before": was})
    assert preconditions.state_before(quarantine) == {
        "is_public_visible": False,
        "is_message_disabled": True,
    }
    unknown = settled(
        "quarantine", room, policy, result={"before": {"is_public_visible": None}}, seconds=1
    )
    assert preconditions.state_before(unknown) == {
        "is_public_visible": True,
        "is_message_disabled": False,
    }


def test_a_release_is_refused_without_a_quarantine_and_while_its_host_is_banned(room, policy):
    with pytest.raises(Refused, match="not in quarantine"):
        preconditions.may_change("release", room)
    settled("quarantine", room, policy)
    preconditions.may_change("release", room)
    Ban.objects.create(account=room.owner_account, policy=policy, by_name="x")
    with pytest.raises(Refused, match="A platform ban is the cause"):
        preconditions.may_change("release", room)
    preconditions.may_change("hide", room)


def test_a_stream_key_is_taken_back_whatever_the_room_has_become(room):
    Room.objects.filter(pk=room.pk).update(ended_at=NOW)
    room.refresh_from_db()
    preconditions.may_change("obs_revoke", room)
    for verb in ("obs_key", "hide", "edit"):
        with pytest.raises(Refused, match="has ended"):
            preconditions.may_change(verb, room)


def test_the_key_of_a_change_gives_the_first_change_and_never_another(people, room, policy):
    ask = {"by": people["moderator"], "verb": "edit", "room": room, "policy": policy, "key": KEY}
    first = acting.change_room(**ask, arguments={"categories": (1, 2)})
    assert first.arguments == {"categories": [1, 2]}
    Action.objects.update(status="done")
    assert acting.change_room(**ask, arguments={"categories": (1, 2)}) == first
    with pytest.raises(Refused, match="used for something else already"):
        acting.change_room(**ask, arguments={"categories": (3,)})
    assert Action.objects.count() == 1


def test_another_change_of_the_same_kind_waits_for_the_first(people, room, policy):
    acting.change_room(
        by=people["moderator"], verb="edit", room=room, policy=policy, arguments={"room_name": "A"}
    )
    with pytest.raises(
        Refused, match="A change of this kind is in progress in this room, ordered by moderator at"
    ):
        acting.change_room(
            by=people["supervisor"],
            verb="edit",
            room=room,
            policy=policy,
            arguments={"room_name": "B"},
        )


# --- End now, undo --------------------------------------------------------------------------------


def test_end_now_moves_the_end_and_says_who_hastened_it(
    people, room, policy, queue, committing, clock
):
    end = acting.end_stream(by=people["moderator"], room=room, policy=policy, grace=30.0)
    clock.shift(amendments.SLIP_SECONDS - 0.01)
    with pytest.raises(Refused, match="right after the first click"):
        amendments.end_now(by=people["supervisor"], action=end)
    clock.shift(0.02)
    queue.clear()
    with committing():
        amendments.end_now(by=people["supervisor"], action=end)
    assert (end.due_at, queue) == (timezone.now(), [end.pk])
    hastened = AuditEntry.objects.get(outcome="hastened")
    assert (hastened.actor, hastened.action_id) == ("supervisor", end.pk)
    with committing():
        amendments.end_now(by=people["moderator"], action=end)  # it is due: nothing to hasten
    assert AuditEntry.objects.filter(outcome="hastened").count() == 1 and queue == [end.pk]


def test_undo_takes_back_that_order_and_no_other(people, room, policy):
    mine = acting.end_stream(by=people["moderator"], room=room, policy=policy)
    other = acting.end_stream(by=people["moderator"], room=make_room("room-2"), policy=policy)
    assert amendments.undo(by=people["supervisor"], action=mine).status == "undone"
    other.refresh_from_db()
    assert (other.status, mine.finished_at) == ("requested", NOW)
    entry = AuditEntry.objects.get(outcome="undone")
    assert (entry.actor, entry.action_id, entry.before["status"]) == (
        "supervisor",
        mine.pk,
        "requested",
    )
    assert amendments.who_undid(mine)["who"] == "supervisor"


@pytest.mark.parametrize("status", ["calling", "unknown"])
def test_undo_of_what_is_under_way_comes_too_late(status, people, room, policy):
    end = acting.end_stream(by=people["moderator"], room=room, policy=policy)
    Action.objects.update(status=status)
    with pytest.raises(Refused, match="Too late: it is already under way"):
        amendments.undo(by=people["moderator"], action=end)
    Action.objects.update(status="done")
    with pytest.raises(Refused, match="cannot be undone"):
        amendments.undo(by=people["moderator"], action=end)


def test_an_opposite_that_somebody_orders_this_moment_is_the_first(room, policy):
    mute = settled("mute", room, policy, account="troll")
    by_hand = settled("unmute", room, policy, account="troll", status="requested")
    asked = {"verb": "unmute", "room": room, "account": "troll"}
    assert orders.find_conflicting(**asked, undoes=mute) == by_hand
    assert orders.find_conflicting(**asked, undoes=None) == by_hand
    Action.objects.filter(pk=by_hand.pk).update(status="done", undoes=mute)
    assert orders.find_conflicting(**asked, undoes=mute) == by_hand
    assert orders.find_conflicting(**asked, undoes=None) is None
    Action.objects.filter(pk=by_hand.pk).update(status="failed")
    assert orders.find_conflicting(**asked, undoes=mute) is None


def test_a_warning_without_words_of_its_own_says_those_of_the_reason(room, policy):
    assert acting.warn_host(by="system:test", room=room, policy=policy, key=KEY).text == policy.text


def test_what_was_so_before_is_not_taken_back_but_a_quarantine_is(people, room, policy):
    mute = settled("mute", room, policy, status="already", account="troll")
    with pytest.raises(Refused, match="nothing to undo"):
        amendments.undo(by=people["moderator"], action=mute)
    quarantine = settled(
        "quarantine",
        room,
        policy,
        status="already",
        result={"before": {"is_public_visible": False, "is_message_disabled": True}},
    )
    release = amendments.undo(by=people["moderator"], action=quarantine, key=KEY)
    assert (release.verb, release.undoes, release.key, release.policy) == (
        "release",
        quarantine,
        KEY,
        policy,
    )
    assert release.arguments == {"is_public_visible": False, "is_message_disabled": True}


def test_something_newer_on_the_same_account_stands_in_the_way_of_an_undo(people, room, policy):
    mute = settled("mute", room, policy, account="troll")
    settled("mute", room, policy, account="other", seconds=1)
    settled("mute", make_room("room-2"), policy, account="troll", seconds=1)
    settled("mute", room, policy, account="troll", status="failed", seconds=1)
    settled("room_ban", room, policy, account="troll", seconds=1)
    newer = settled("mute", room, policy, account="troll", seconds=2)
    with pytest.raises(Refused, match="A newer action on this account"):
        amendments.undo(by=people["moderator"], action=mute)
    Action.objects.filter(pk=newer.pk).update(status="undone")
    undoing = amendments.undo(by=people["moderator"], action=mute)
    assert (undoing.verb, undoing.account, undoing.undoes, undoing.arguments) == (
        "unmute",
        "troll",
        mute,
        {},
    )


# --- Turns ----------------------------------------------------------------------------------------


def noting(real, name, turns):
    def writing(*, priority=False):
        turns.append((name.rpartition(".")[2], priority))
        return real(priority=priority)

    return writing


def test_what_has_not_reached_the_vendor_yet_goes_first(people, room, policy, monkeypatch):
    turns = []
    for module in (orders, holds, engine, executor):
        monkeypatch.setattr(module, "write_turn", noting(module.write_turn, module.__name__, turns))
    end = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    executor.claim(end.pk)
    hold = Hold.objects.create(
        room_id="room-9", policy=policy, by_name="x", until=NOW + dt.timedelta(hours=1)
    )
    holds.end_again(hold, make_room("room-9"))
    holds.lift(by=people["supervisor"], hold=hold, note="n")
    assert turns == [
        ("orders", True),
        ("executor", True),
        ("holds", True),
        ("orders", True),
        ("holds", True),
    ]
