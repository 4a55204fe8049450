"""What rows and pages say of the state of a thing: acts, bans, holds, alerts, rules, plans, tokens."""

import datetime as dt

import pytest
from django.utils import timezone

from liveapi.messages import RoomInfo
from moderation.actions.presentation import StateLine, state_line
from moderation.actions.setting_views import switches
from moderation.alerts.presentation import severity_badge
from moderation.automation.presentation import rule_badge
from moderation.bans.presentation import badge as ban_badge
from moderation.bans.presentation import badge_with_name
from moderation.lifecycle.presentation import hold_badge
from moderation.models import (
    Action,
    Alert,
    ApiToken,
    AuditEntry,
    Ban,
    Hold,
    PlannedRoom,
    Rule,
    RuleSwitch,
)
from moderation.provisioning.presentation import owner_answer, plan_badge, steps, trouble
from moderation.staff import tokens
from moderation.web.badge import Badge
from rooms.models import Room

NOW = timezone.now()
NOT_LONG, HOUR = dt.timedelta(0), dt.timedelta(hours=1)
VERB, STATUS = Action.Verb, Action.Status


def act(verb, status, **more):
    """An act that no database has seen."""
    return Action(**{"pk": 7, "verb": verb, "status": status, "due_at": NOW} | more)


def line_of(verb, status, **more) -> StateLine:
    return state_line(act(verb, status, **more), "Show")


def look_of(line: StateLine) -> tuple[str, str, str]:
    return line.icon, line.tone, line.text


@pytest.mark.parametrize(
    ("verb", "status", "more", "look", "poll_seconds"),
    [
        (VERB.MUTE, STATUS.REQUESTED, {}, ("circle-dashed", "", "Mute…"), 3),
        (
            VERB.END,
            STATUS.REQUESTED,
            {"attempts": 2, "vendor_text": "busy"},
            ("clock", "warn", "End stream: waiting, 2 tried: busy"),
            3,
        ),
        (VERB.END, STATUS.CALLING, {"attempts": 1}, ("circle-dashed", "", "ending…"), 3),
        (VERB.WARN, STATUS.CALLING, {"attempts": 1}, ("circle-dashed", "", "Warn host…"), 3),
        (
            VERB.MUTE,
            STATUS.UNKNOWN,
            {},
            ("circle-dashed", "warn", "Mute: unknown, reading back"),
            3,
        ),
        (VERB.END, STATUS.UNDONE, {}, ("undo-2", "muted", "End stream: undone"), 0),
        (VERB.END, STATUS.DONE, {}, ("octagon-x", "is-off", "ended"), 0),
        (VERB.END, STATUS.DONE, {"needs_verifying": True}, ("octagon-x", "is-off", "ended"), 10),
        (
            VERB.END,
            STATUS.DONE,
            {"result": {"verified": True}},
            ("octagon-x", "is-off", "ended, verified"),
            0,
        ),
        (VERB.END, STATUS.ALREADY, {}, ("octagon-x", "is-off", "already ended"), 0),
        (
            VERB.MUTE,
            STATUS.DONE,
            {"account": "a<b"},
            ("check", "", "Mute <bdi>a&lt;b</bdi>"),
            0,
        ),
        (
            VERB.MUTE,
            STATUS.ALREADY,
            {"account": "ann"},
            ("check", "", "Mute <bdi>ann</bdi>: no change needed"),
            0,
        ),
        (
            VERB.MUTE,
            STATUS.FAILED,
            {"vendor_code": 100, "vendor_text": "no such member"},
            ("triangle-alert", "", "Mute: failed 100 no such member"),
            0,
        ),
    ],
)
def test_a_line_says_the_state_of_an_act(verb, status, more, look, poll_seconds):
    line = line_of(verb, status, **more)

    assert (look_of(line), line.poll_seconds, line.drains) == (look, poll_seconds, False)


def test_an_end_that_has_not_begun_can_be_undone_and_hastened():
    line = line_of(VERB.END, STATUS.REQUESTED)
    undo, now = line.buttons

    assert (line.text, line.drains, line.poll_seconds) == ("ending in a moment", True, 3)
    assert (undo.text, undo.act, undo.key, undo.address) == ("Undo", "u", "u", "/acts/7/undo")
    assert undo.label == "Undo: End stream , Show"
    assert (now.text, now.act, now.key, now.address) == ("End now", "now", "", "/acts/7/now")
    assert (now.label, now.tone) == ("End now: Show", "danger")


@pytest.mark.parametrize(
    ("verb", "status", "age", "offers_undo"),
    [
        (VERB.MUTE, STATUS.DONE, NOT_LONG, True),
        (VERB.MUTE, STATUS.DONE, HOUR, False),
        (VERB.MUTE, STATUS.ALREADY, NOT_LONG, False),
        (VERB.QUARANTINE, STATUS.ALREADY, NOT_LONG, True),
        (VERB.WARN, STATUS.DONE, NOT_LONG, False),
        (VERB.END, STATUS.DONE, NOT_LONG, False),
    ],
)
def test_undo_is_offered_for_a_while_of_what_can_be_taken_back(verb, status, age, offers_undo):
    line = line_of(verb, status, finished_at=timezone.now() - age, account="ann")

    assert [button.act for button in line.buttons] == ["u"] * offers_undo


def test_what_failed_can_be_tried_again():
    line = line_of(VERB.MUTE, STATUS.FAILED, account="ann", vendor_text="busy")
    retry = line.retry

    assert line.hint == "busy"
    assert retry is not None
    assert (retry.text, retry.label) == ("Retry", "Retry: Mute ann, Show")
    assert (retry.address, retry.hint) == ("/acts/7/retry", "")


def test_a_warning_that_may_have_arrived_is_sent_again_only_as_a_second_one():
    line = line_of(VERB.WARN, STATUS.FAILED, result={"may_have_arrived": True})

    assert line.text == "Warn host: may have been delivered"
    assert line.retry is not None
    assert line.retry.label == "Warn a second time: Show"
    assert line.retry.hint == (
        "The first warning may have been delivered. This would be a second one."
    )


@pytest.mark.parametrize("status", [one for one in STATUS if one != STATUS.FAILED])
@pytest.mark.parametrize("verb", [VERB.END, VERB.WARN])
def test_only_what_failed_has_a_retry_and_a_hint_of_its_own(verb, status):
    line = line_of(verb, status)

    assert (line.retry, line.hint) == (None, None)


def test_badges_of_bans():
    lifted = Ban(lifted_at=NOW, lifted_by_name="ann")

    assert ban_badge(Ban()) == badge_with_name(Ban()) == Badge("in force", "shield-ban", "bad")
    assert ban_badge(lifted) == Badge("lifted", "undo-2")
    assert badge_with_name(lifted) == Badge("lifted by ann", "undo-2")
    assert ban_badge(Ban(until=NOW - HOUR)) == Badge("expired", "clock")


def test_badges_of_holds():
    lifted = Hold(lifted_at=NOW, lifted_by_name="ann", lift_note="by mistake")

    assert hold_badge(Hold(until=NOW + HOUR)) == Badge("re-open blocked", "octagon-x", "bad")
    assert hold_badge(lifted) == Badge("lifted by ann", "undo-2", hint="by mistake")
    assert hold_badge(Hold(until=NOW - HOUR)) == Badge("over", "clock")


@pytest.mark.parametrize(
    ("severity", "text", "tone"),
    [(3, "urgent", "bad"), (2, "soon", "warn"), (1, "when there is time", "")],
)
def test_badges_of_alerts(severity, text, tone):
    assert severity_badge(Alert(severity=severity)) == Badge(text, "triangle-alert", tone)


@pytest.mark.parametrize(
    ("phase", "all_off", "badge"),
    [
        ("off", True, Badge("off", "x")),
        ("shadow", True, Badge("on, but all rules are off", "triangle-alert", "warn")),
        ("shadow", False, Badge("shadow", "circle-dashed", "warn")),
        ("on", False, Badge("on", "check")),
    ],
)
def test_badges_of_rules(phase, all_off, badge):
    assert rule_badge(Rule(phase=phase), RuleSwitch(all_off=all_off)) == badge


def test_badges_of_tokens():
    expired = ApiToken(expires_at=NOW)

    assert tokens.badge(ApiToken(), NOW) is None
    assert tokens.badge(expired, NOW - HOUR) is None
    assert tokens.badge(expired, NOW) == Badge("expired", "clock", "warn")
    assert tokens.badge(ApiToken(revoked_at=NOW), NOW) == Badge("revoked", "lock", "warn")


@pytest.mark.parametrize(
    ("status", "room", "badge"),
    [
        ("planned", None, Badge("scheduled", "clock")),
        ("unknown", None, Badge("unknown, reading back", "clock")),
        ("created", Room(), Badge("created", "check")),
        ("created", None, Badge("created", "check")),
        ("created", Room(ended_at=NOW), Badge("ended", "octagon-x")),
        ("failed", None, Badge("failed", "triangle-alert", "warn")),
        ("cancelled", None, Badge("cancelled", "undo-2")),
    ],
)
def test_badges_of_plans(status, room, badge):
    assert plan_badge(PlannedRoom(status=status), room) == badge


@pytest.mark.parametrize(
    ("status", "room", "published_at", "states"),
    [
        ("planned", None, None, ["next", "", ""]),
        ("creating", None, None, ["next", "", ""]),
        ("failed", None, None, ["stopped", "", ""]),
        ("cancelled", None, None, ["stopped", "", ""]),
        ("created", Room(), None, ["done", "next", ""]),
        ("created", Room(host_started_at=1), None, ["done", "done", "next"]),
        ("created", Room(host_started_at=1), NOW, ["done", "done", "done"]),
    ],
)
def test_the_steps_of_a_plan(status, room, published_at, states):
    plan = PlannedRoom(status=status, published_at=published_at)

    assert [step.state for step in steps(plan, room)] == states
    assert len(steps(PlannedRoom(status=status, visibility="hidden"), room)) == 2


def test_a_start_at_no_time_has_none():
    start = steps(PlannedRoom(status="created"), Room(host_started_at=10**18))[1]

    assert (start.state, start.is_dated, start.at) == ("done", True, None)


def test_what_is_wrong_with_a_plan():
    lost = PlannedRoom(status="failed", vendor_code=100, vendor_text="no", called_at=NOW)
    waits = PlannedRoom(status="planned", vendor_text="busy")
    failed = trouble(lost, None)

    assert trouble(PlannedRoom(status="planned"), None) is None
    assert failed is not None
    assert (failed.text, failed.icon) == ("100: no", "triangle-alert")
    assert failed.advice[-1].startswith("The last answer was lost")
    told = trouble(waits, None)
    assert told is not None
    assert (told.text, told.icon, told.advice) == ("busy", "", ())
    assert trouble(waits, Room()) is None


@pytest.mark.parametrize(
    ("is_known", "tone", "icon"),
    [(False, "warn", "triangle-alert"), (True, "muted", "check"), (None, "muted", "")],
)
def test_what_the_vendor_says_of_an_owner(is_known, tone, icon):
    answer = owner_answer(is_known)

    assert (answer.tone, answer.icon) == (tone, icon)


def test_the_switches_turn_round_what_the_room_is():
    shown = RoomInfo("r", is_public_visible=True, is_message_disabled=False)
    muted = RoomInfo("r", is_public_visible=False, is_message_disabled=True)

    assert switches(shown, in_quarantine=False) == (VERB.MUTE_ALL, VERB.HIDE)
    assert switches(muted, in_quarantine=False) == (VERB.UNMUTE_ALL, VERB.PUBLISH)
    assert switches(shown, in_quarantine=True) == ()


def test_an_entry_leads_to_all_of_its_act_or_ban():
    assert AuditEntry(action_id=1, ban_id=2).subject_query == "action_id=1"
    assert AuditEntry(ban_id=2).subject_query == "ban_id=2"
    assert AuditEntry().subject_query == ""
