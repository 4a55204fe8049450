"""What the rules do about facts: words, labels, banned accounts; read back before it is acted
upon.
"""

import datetime as dt

import pytest
from django.utils import timezone

from liveapi import LiveApiError
from liveapi.messages import RoomInfo
from moderation.automation import receivers, verification, words
from moderation.core import broker
from moderation.models import Action, Alert, AuditEntry, Ban, Policy, Rule, RuleHit, RuleSwitch
from moderation.worker import recovery
from rooms.ingest import labels
from rooms.ingest.labels import Label
from rooms.models import ChatLine, Room, RoomEvent
from tests.support.factories import log_in, make_room
from tests.support.vendor import GONE

pytestmark = pytest.mark.django_db


def rule(kind: str, act: str, **fields) -> Rule:
    settings = (
        {"words": ["coins", "gift card"], "findings": 1}
        if kind == "words"
        else {"categories": [{"label": "blood", "look": 80, "act": 80}], "findings": 1}
    )
    known = {
        "slug": f"{kind}-{act}",
        "title": "A rule",
        "policy": Policy.objects.get(code="fraud"),
        "phase": "on",
        "settings": settings,
    }
    return Rule.objects.create(kind=kind, act=act, **(known | fields))


def say(room: Room, *texts: str, account: str = "seller") -> None:
    count = ChatLine.objects.count()
    lines = [
        ChatLine.objects.create(
            room=room,
            at_ms=1000 + number,
            message_id=f"m-{count + number}",
            account=account,
            text=text,
        )
        for number, text in enumerate(texts)
    ]
    words.on_chat_said(None, said=[(room, lines)])


@pytest.fixture
def on_commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


# --- Words ----------------------------------------------------------------------------------------


def test_words_raise_an_alert_with_what_was_said(room, service):
    rule("words", "alert")
    say(room, "hello", "FREE COINS for you")
    alert = Alert.objects.get()
    assert (alert.account, alert.source) == ("seller", "system:words-alert")
    assert alert.evidence["words"] == "“FREE COINS for you”"
    assert alert.evidence["word"] == "coins"
    assert service.calls == []


@pytest.mark.parametrize(
    ("act", "verb"), [("mute", "mute"), ("room_ban", "room_ban"), ("end", "end")]
)
def test_anything_stronger_is_ordered_after_reading_back(act, verb, room, service, on_commit):
    rule("words", act)
    with on_commit():
        say(room, "coins!")
    assert service.calls == [("get_room_info", {"RoomId": "room-1"})]
    action = Action.objects.get()
    assert (action.verb, action.by_name) == (verb, f"system:words-{act}")
    assert action.account == ("" if act == "end" else "seller")
    assert action.note == "“coins!”"
    assert (
        AuditEntry.objects.filter(
            actor=f"system:words-{act}", verb=verb, outcome="requested"
        ).count()
        == 1
    )


@pytest.mark.parametrize("kind", ["words", "label"])
@pytest.mark.parametrize("act", ["mute", "room_ban", "end", "quarantine"])
def test_an_act_says_when_it_rests_on_a_line_that_nobody_can_verify(
    kind, act, room, service, on_commit, people, client
):
    """The vendor signs no body of a webhook, and has no command to read a line back.

    A label comes with a token.
    """
    rule(kind, act)
    with on_commit():
        if kind == "words":
            say(room, "coins!")
        else:
            labels.store(
                room, [Label(name="blood", score=99, key="1", account="seller")], source="api:x"
            )

    action = Action.objects.get()
    entry = AuditEntry.objects.filter(action_id=action.pk, outcome="requested").get()
    assert (action.rests_on, entry.after.get("rests_on")) == (
        ("unverified_line",) * 2 if kind == "words" else ("", None)
    )
    shown = log_in(client, people["moderator"]).get(f"/rooms/{room.pk}/timeline").content.decode()
    assert ("a line of chat that cannot be verified" in shown) == (kind == "words")


@pytest.mark.parametrize(
    ("kind", "act", "warns"),
    [("words", "mute", True), ("words", "alert", False), ("label", "mute", False)],
)
def test_the_page_of_a_rule_warns_when_it_acts_on_lines_of_chat(
    kind, act, warns, people, client, settings
):
    made = rule(kind, act)
    log_in(client, people["supervisor"])
    page = client.get(f"/rules/{made.slug}").content.decode()
    assert ("data-unverified" in page) == warns
    assert ("set LIVE_WEBHOOK_SOURCES" in page) == warns
    settings.LIVE_WEBHOOK_SOURCES = ["203.0.113.0/24"]
    assert "set LIVE_WEBHOOK_SOURCES" not in client.get(f"/rules/{made.slug}").content.decode()
    asked = client.get("/rules/new", {"kind": kind}).content.decode()
    assert ("that nobody can verify" in asked) == (kind == "words")


def test_nothing_is_done_when_the_broadcast_is_over_or_another_one(room, service, on_commit):
    rule("words", "end")
    service.answers["get_room_info"] = [
        GONE,
        RoomInfo("room-1", create_time=room.create_time + 500),
    ]
    with on_commit():
        say(room, "coins!", account="one")
    with on_commit():
        say(room, "coins!", account="two")
    assert set(RuleHit.objects.values_list("account", "outcome")) == {
        ("one", "unverified"),
        ("two", "unverified"),
    }
    assert not Action.objects.exists()


def test_without_an_answer_of_the_vendor_a_hit_waits_for_the_sweep_but_not_for_ever(
    room, service, on_commit
):
    rule("words", "mute")
    down = LiveApiError("no answer", kind="timeout")
    service.answers["get_room_info"] = [
        down,
        down,
        RoomInfo("room-1", create_time=room.create_time),
        down,
    ]
    with on_commit():
        say(room, "coins!")
    hit = RuleHit.objects.get()
    assert hit.outcome == "found"
    RuleHit.objects.update(at=timezone.now() - dt.timedelta(seconds=10))
    recovery.sweep()
    assert RuleHit.objects.get().outcome == "found"
    with on_commit():
        recovery.sweep()
    assert RuleHit.objects.get().outcome == "ordered"
    RuleHit.objects.update(outcome="found", at=timezone.now() - dt.timedelta(minutes=11))
    recovery.sweep()
    assert RuleHit.objects.get().outcome == "unverified"
    assert Action.objects.count() == 1
    assert Alert.objects.get().evidence["words"] == "“coins!”"


def test_a_rule_switched_off_before_its_finding_was_read_back_does_nothing(
    room, service, on_commit, monkeypatch
):
    rule("words", "mute")
    monkeypatch.setattr(broker, "enqueue_hit", lambda pk: True)
    with on_commit():
        say(room, "coins")
    Rule.objects.update(phase="off")
    verification.check(RuleHit.objects.get().pk)
    assert RuleHit.objects.get().outcome == "off"
    assert not Action.objects.exists()


def test_a_hit_whose_worker_died_is_read_back_and_ordered_once(
    room, service, on_commit, monkeypatch
):
    rule("words", "mute")
    with monkeypatch.context() as dead:
        dead.setattr(broker, "enqueue_hit", lambda pk: False)
        with on_commit():
            say(room, "coins!")
    assert not Action.objects.exists()
    hit = RuleHit.objects.get()
    verification.check(hit.pk)
    verification.check(hit.pk)
    assert Action.objects.count() == 1


def test_who_says_it_again_at_once_is_the_same_thing_and_later_another(room, service, on_commit):
    rule("words", "mute")
    with on_commit():
        say(room, "coins", "coins", "COINS")
        say(room, "coins")
    assert RuleHit.objects.count() == 1
    RuleHit.objects.update(at=timezone.now() - dt.timedelta(minutes=2))
    with on_commit():
        say(room, "coins")
    assert RuleHit.objects.count() == 2


def test_a_crowd_that_says_it_is_bounded(room, service, on_commit):
    rule("words", "alert")
    lines = [
        ChatLine(room=room, at_ms=1, message_id=str(n), account=f"a{n}", text="coins")
        for n in range(600)
    ]
    words.on_chat_said(None, said=[(room, lines)])
    assert RuleHit.objects.count() == words.MAX_FINDINGS


def test_a_rule_that_is_off_costs_one_question(room, django_assert_num_queries):
    rule("words", "mute", phase="off")
    with django_assert_num_queries(1):
        words.on_chat_said(None, said=[(room, [ChatLine(room=room, account="a", text="coins")])])


def test_a_rule_is_asked_for_once_however_many_rooms_talk(room, django_assert_num_queries):
    rule("words", "mute")
    talk = [ChatLine(room=room, account="a", text="nothing of interest")]
    with django_assert_num_queries(1):
        words.on_chat_said(None, said=[(room, talk)] * 40)


def test_while_all_rules_are_off_nothing_is_read_back_and_the_hit_says_so(room, service, on_commit):
    rule("words", "mute")
    RuleSwitch.objects.update(all_off=True)
    with on_commit():
        say(room, "coins")
    assert RuleHit.objects.get().outcome == "off"
    assert service.calls == []


def test_the_switch_is_obeyed_between_finding_and_acting(room, service, on_commit, monkeypatch):
    rule("words", "mute")
    monkeypatch.setattr(broker, "enqueue_hit", lambda pk: True)
    with on_commit():
        say(room, "coins")
    RuleSwitch.objects.update(all_off=True)
    verification.check(RuleHit.objects.get().pk)
    assert RuleHit.objects.get().outcome == "off"
    assert not Action.objects.exists()


# --- Labels ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "score", "outcomes"),
    [
        ("blood", 95, ["alerted"]),
        ("BLOOD ", 80, ["alerted"]),
        ("blood", 79.9, []),
        ("cats", 99, []),
    ],
)
def test_a_label_with_enough_score_raises_an_alert(name, score, outcomes, room, on_commit):
    rule("label", "alert")
    with on_commit():
        labels.store(room, [Label(name, score, "frame-1")], source="api:eyes")
    assert list(RuleHit.objects.values_list("outcome", flat=True)) == outcomes


def test_a_label_ends_a_room_after_reading_back_and_once(room, service, on_commit):
    rule("label", "end")
    for _time in range(2):
        with on_commit():
            labels.store(
                room, [Label("blood", 95, "frame-1", words="a lot of it")], source="api:eyes"
            )
    action = Action.objects.get()
    assert (action.verb, action.by_name) == ("end", "system:label-end")
    assert "a lot of it" in action.note
    assert service.count("get_room_info") == 1


def test_a_mute_for_a_label_about_nobody_is_shown_to_people(room, service, on_commit):
    rule("label", "mute")
    with on_commit():
        labels.store(room, [Label("blood", 95, "frame-1")], source="api:eyes")
    assert RuleHit.objects.get().outcome == "refused"
    assert Alert.objects.get().evidence["label"] == "blood"


def test_a_label_stored_by_an_older_program_harms_nothing(room):
    rule("label", "alert")
    event = RoomEvent.objects.create(room=room, at_ms=1, kind="label", key="old", detail={})
    receivers.on_labelled(None, room=room, labels=[event])
    assert not RuleHit.objects.exists()


# --- Bans -----------------------------------------------------------------------------------------


@pytest.fixture
def ban(policy) -> Ban:
    return Ban.objects.create(
        account="troll", policy=policy, by_name="banadmin", orders_due=False, note="raid"
    )


def enter(room: Room, *accounts: str) -> None:
    receivers.on_members_entered(None, entered=[(room, frozenset(accounts))])


def test_a_banned_user_reported_to_enter_is_banned_from_the_room_after_a_read(
    ban, room, service, on_commit
):
    with on_commit():
        enter(room, "troll", "somebody")
        enter(room, "troll")
    action = Action.objects.get()
    assert (action.verb, action.account, action.by_name) == (
        "room_ban",
        "troll",
        "system:platform-ban",
    )
    assert (action.ban, action.note) == (ban, "raid")
    assert service.count("get_room_info") == 1


def test_a_lie_about_a_room_that_is_gone_bans_nobody(ban, room, service, on_commit):
    service.answers["get_room_info"] = GONE
    with on_commit():
        enter(room, "troll")
    assert RuleHit.objects.get().outcome == "unverified"
    assert not Action.objects.exists()
    service.answers["get_room_info"] = RoomInfo("room-1", create_time=room.create_time)
    with on_commit():
        enter(room, "troll")
    assert RuleHit.objects.get().outcome == "ordered"


def test_a_ban_lifted_before_it_was_read_back_bans_nobody(
    ban, room, service, on_commit, monkeypatch
):
    monkeypatch.setattr(broker, "enqueue_hit", lambda pk: True)
    with on_commit():
        enter(room, "troll")
    Ban.objects.update(lifted_at=timezone.now())
    verification.check(RuleHit.objects.get().pk)
    assert RuleHit.objects.get().outcome == "unverified"
    assert service.calls == []


def test_a_host_who_is_said_to_enter_the_own_room_is_no_banned_user(ban, on_commit):
    own = make_room("own", owner_account="troll")
    with on_commit():
        enter(own, "troll")
    assert not RuleHit.objects.exists()


def test_who_comes_back_after_the_room_ban_was_lifted_there_is_banned_again(
    ban, room, service, on_commit
):
    with on_commit():
        enter(room, "troll")
    Action.objects.update(status="done", requested_at=timezone.now() - dt.timedelta(minutes=5))
    with on_commit():
        enter(room, "troll")
    assert Action.objects.filter(verb="room_ban").count() == RuleHit.objects.count() == 2


def test_while_all_rules_are_off_banned_accounts_are_left_alone_and_not_afterwards(ban, room):
    RuleSwitch.objects.update(all_off=True)
    own = make_room("own", owner_account="troll")
    receivers.on_room_opened(None, room=own)
    receivers.on_members_seen(None, room=room, accounts=frozenset({"troll"}))
    recovery.sweep()
    assert not Action.objects.exists()
    assert set(RuleHit.objects.values_list("outcome", flat=True)) == {"off"}
    RuleSwitch.objects.update(all_off=False)
    recovery.sweep()
    receivers.on_members_seen(None, room=room, accounts=frozenset({"troll"}))
    assert set(Action.objects.values_list("verb", "by_name")) == {
        ("end", "system:platform-ban"),
        ("room_ban", "system:platform-ban"),
    }


def test_a_banned_host_is_ended_again_when_the_end_was_given_up_and_not_before(ban):
    own = make_room("own", owner_account="troll")
    receivers.on_room_opened(None, room=own)
    receivers.on_room_opened(None, room=own)
    assert Action.objects.count() == 1
    Action.objects.update(status="failed", requested_at=timezone.now() - dt.timedelta(minutes=2))
    recovery.sweep()
    recovery.sweep()
    assert sorted(Action.objects.values_list("status", flat=True)) == ["failed", "requested"]


# --- Afterwards -----------------------------------------------------------------------------------


def test_the_alerts_of_a_broadcast_close_with_it(room):
    rule("words", "alert")
    say(room, "coins")
    receivers.on_room_ended(None, room=room)
    alert = Alert.objects.get()
    assert (alert.outcome, alert.closed_by_name) == ("ended", "system:ended")
    assert AuditEntry.objects.filter(verb="close_alert", actor="system:ended").count() == 1
