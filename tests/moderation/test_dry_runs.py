"""What a rule would have done over the stored past."""

import datetime as dt
import itertools

import pytest
from django.test import Client
from django.utils import timezone

from moderation.automation import dry_runs, engine
from moderation.core import long_reads
from moderation.models import Action, Alert, Ban, Policy, Rule, RuleHit, TimeLimit
from rooms.models import ChatLine, Room, RoomEvent
from tests.moderation.test_rulebook import WORDS
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db


def ago(**how_long) -> dt.datetime:
    return timezone.now() - dt.timedelta(**how_long)


def ms(when: dt.datetime) -> int:
    return int(when.timestamp() * 1000)


def said(room: Room, when: dt.datetime, text: str, account: str = "seller") -> None:
    ChatLine.objects.create(
        room=room,
        at_ms=ms(when),
        message_id=str(ChatLine.objects.count()),
        account=account,
        text=text,
    )


def draft(kind: str, **fields) -> Rule:
    return Rule(slug="draft", kind=kind, act="alert", policy=Policy.objects.first(), **fields)


def test_words_are_looked_for_in_the_lines_of_the_time_asked_for(room):
    said(room, ago(hours=30), "free coins")
    said(room, ago(hours=3), "free coins")
    said(room, ago(hours=2), "hello")
    said(room, ago(hours=1), "GIFT CARD", account="other")
    run = dry_runs.run(draft("words", settings={"words": ["coins", "gift card"]}), 24)
    assert (run.read, run.is_whole, run.acts, run.rooms_met) == (3, True, 2, 1)
    assert [finding.account for finding in run.found] == ["other", "seller"]
    assert run.shown[0][1] == room


def test_what_the_same_account_repeats_at_once_is_one_act_and_the_cap_counts(room):
    for seconds in (100, 90, 80):
        said(room, ago(seconds=seconds), "coins")
    said(room, ago(hours=1), "coins", account="b")
    said(room, ago(hours=25), "coins", account="c")
    run = dry_runs.run(draft("words", settings={"words": ["coins"]}, daily_cap=1), 72)
    assert (len(run.found), run.acts, run.capped) == (5, 2, 1)


def test_nothing_is_done_and_nothing_kept(room):
    said(room, ago(hours=1), "coins")
    dry_runs.run(draft("words", settings={"words": ["coins"]}), 24)
    assert not (RuleHit.objects.exists() or Alert.objects.exists() or Action.objects.exists())


def test_reading_ends_after_a_while_and_says_so(room, monkeypatch):
    for minutes in range(10):
        said(room, ago(minutes=minutes + 1), "coins")
    clock = itertools.chain([0.0, 1.0, 1.0, 1.0], itertools.repeat(dry_runs.LONGEST + 1))
    run = dry_runs.run(draft("words", settings={"words": ["coins"]}), 24, clock=lambda: next(clock))
    assert (run.read, run.is_whole) == (3, False)
    monkeypatch.setattr(dry_runs, "MAX_READ", 4)
    run = dry_runs.run(draft("words", settings={"words": ["coins"]}), 24)
    assert (run.read, run.is_whole) == (4, False)
    assert (
        max(finding.at for finding in run.found) > ago(minutes=2).timestamp()
    )  # the newest were read


def test_labels_with_too_little_score_are_no_findings(room):
    for number, score in enumerate((95, 50)):
        RoomEvent.objects.create(
            room=room,
            at_ms=ms(ago(hours=1)),
            kind="label",
            key=str(number),
            detail={"label": "blood", "score": score},
        )
    run = dry_runs.run(
        draft("label", settings={"categories": [{"label": "Blood", "look": 80, "act": 80}]}), 24
    )
    assert (run.read, len(run.found)) == (2, 1)


def host(room: Room, when: dt.datetime, state: str) -> None:
    RoomEvent.objects.create(
        room=room,
        at_ms=ms(when),
        kind="host",
        detail={"state": state},
        key=str(RoomEvent.objects.count()),
    )


def test_hosts_gone_for_the_grace_are_found_and_shorter_absences_are_not():
    room = make_room("r", host_started_at=1, host_state="seated")
    host(room, ago(minutes=60), "seated")
    host(room, ago(minutes=50), "lost")
    host(room, ago(minutes=48), "seated")
    host(room, ago(minutes=40), "away")
    host(room, ago(minutes=30), "seated")
    still = make_room("still", host_started_at=1, host_state="lost")
    host(still, ago(minutes=20), "lost")
    over = make_room("over", host_started_at=1, ended_at=ago(minutes=19))
    host(over, ago(minutes=20), "lost")
    run = dry_runs.run(draft("host_gone", settings={"grace": 300}), 24)
    assert [finding.room for finding in run.found] == [still.pk, room.pk]
    assert abs(run.found[1].at - ago(minutes=35).timestamp()) < 5


def test_a_host_who_never_came_is_found_without_any_event():
    late = make_room("late", host_state="away")
    Room.objects.filter(pk=late.pk).update(first_seen_at=ago(minutes=30))
    short = make_room("short", host_state="away", ended_at=ago(minutes=28))
    Room.objects.filter(pk=short.pk).update(first_seen_at=ago(minutes=30))
    make_room("nobody-knows")
    run = dry_runs.run(draft("host_gone", settings={"grace": 300}), 24)
    assert [finding.room for finding in run.found] == [late.pk]


def test_broadcasts_that_went_on_over_their_limit_are_found(policy):
    room = make_room("r")
    Room.objects.update(first_seen_at=ago(hours=3))
    kept = make_room("kept", ended_at=ago(hours=2))
    for room_id in ("r", "kept"):
        TimeLimit.objects.create(room_id=room_id, ends_at=ago(hours=1), policy=policy, by_name="x")
    run = dry_runs.run(draft("time_limit"), 24)
    assert [finding.room for finding in run.found] == [room.pk]
    assert kept.ended_at is not None


def test_broadcasts_opened_by_a_banned_host_are_found_and_others_are_not(policy):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    Ban.objects.filter(pk=ban.pk).update(created_at=ago(hours=5))
    during, before = (
        make_room("during", owner_account="troll"),
        make_room("before", owner_account="troll"),
    )
    Room.objects.filter(pk=during.pk).update(first_seen_at=ago(hours=4))
    Room.objects.filter(pk=before.pk).update(first_seen_at=ago(hours=6))
    make_room("other")
    run = dry_runs.run(draft("banned_host"), 24)
    assert [finding.room for finding in run.found] == [during.pk]
    Ban.objects.update(lifted_at=ago(hours=4.5))
    assert dry_runs.run(draft("banned_host"), 24).found == []


def test_who_entered_is_not_stored_and_the_page_says_so(client, people):
    page = log_in(client, people["auditor"]).post("/rules/banned-user/dry-run", {"hours": "24"})
    assert "who enters a room is not stored" in page.content.decode()


def test_the_form_runs_dry_with_what_stands_in_it_and_the_rule_stays_as_it_is(client, people, room):
    said(room, ago(hours=1), "to the <b>casino</b>")
    client = log_in(client, people["supervisor"])
    given = WORDS | {"hours": "24"}
    part = client.post(
        "/rules/words-fraud/dry-run", given, headers={"HX-Request": "true"}
    ).content.decode()
    assert "<html" not in part
    assert "1 finding" in part
    assert "&lt;b&gt;casino" in part
    assert "Read: 1" in part
    kept = {"words": ["free coins", "gift card"], "places": ["chat"]}
    assert engine.rule("words-fraud").settings == kept
    own = client.post("/rules/words-fraud/dry-run", {"hours": "24"}).content.decode()
    assert "0 findings" in own


@pytest.mark.parametrize(
    "wrong", [{"hours": "5000"}, {"hours": ""}, {"words": ""}, {"act": "dance"}]
)
def test_a_dry_run_of_nonsense_is_refused_in_words(wrong, client, people):
    given = WORDS | {"hours": "24"} | wrong
    assert (
        log_in(client, people["supervisor"]).post("/rules/words-fraud/dry-run", given).status_code
        == 422
    )


@pytest.mark.parametrize("kind", Rule.Kind.values)
def test_every_kind_of_rule_runs_dry_over_nothing(kind):
    run = dry_runs.run(draft(kind), 24)
    assert (run.found, run.read, run.is_whole) == ([], 0, True)


def test_a_person_has_one_dry_run_at_a_time_and_others_have_theirs(client, people, monkeypatch):
    """Eight of an auditor's took all threads that answer clicks, for five seconds each."""
    really_run, meanwhile = dry_runs.run, []

    def ask(name):
        return log_in(Client(), people[name]).post("/rules/banned-user/dry-run", {"hours": "24"})

    def run(rule, hours):
        monkeypatch.setattr(dry_runs, "run", really_run)
        meanwhile.extend(ask(name) for name in ("auditor", "supervisor"))
        return really_run(rule, hours)

    monkeypatch.setattr(dry_runs, "run", run)
    first = ask("auditor")
    assert [answer.status_code for answer in (first, *meanwhile)] == [200, 429, 200]
    assert "still running" in meanwhile[0].content.decode()
    assert ask("auditor").status_code == 200, "the first is done"


def test_a_long_reading_leaves_others_their_turn(room, monkeypatch):
    for number in range(20):
        said(room, ago(hours=1), f"line {number}")
    rests = []
    ticks = itertools.count(step=long_reads.STRETCH * 0.6)
    monkeypatch.setattr(long_reads, "monotonic", lambda: next(ticks))
    monkeypatch.setattr(long_reads, "sleep", rests.append)
    dry_runs.run(draft("words", settings={"words": ["line"]}), 24, clock=lambda: 0.0)
    assert len(rests) >= 5


def test_a_test_on_past_data_counts_as_the_rule_would(room):
    for seconds in (100, 90, 80):
        said(room, ago(seconds=seconds), "coins")
    said(room, ago(hours=1), "coins", account="b")
    rule = draft("words", settings={"words": ["coins"], "findings": 2, "within": 30})
    rule.act = "mute"
    run = dry_runs.run(rule, 24)
    assert (len(run.found), run.acts, run.looks) == (4, 1, 2)


def test_a_label_between_its_scores_is_no_more_than_an_alert(room):
    for number, score in enumerate((95, 70)):
        RoomEvent.objects.create(
            room=room,
            at_ms=ms(ago(minutes=number + 1)),
            kind="label",
            key=f"k{number}",
            detail={"label": "blood", "score": score},
        )
    rule = draft("label", settings={"categories": [{"label": "blood", "look": 60, "act": 90}]})
    rule.act, rule.settings["findings"] = "quarantine", 1
    run = dry_runs.run(rule, 24)
    assert (len(run.found), run.acts, run.looks) == (2, 1, 1)


def test_names_and_notices_of_rooms_that_were_live_are_looked_at_too(room):
    make_room("room-2", name="free coins", notice="coins!")
    make_room("room-3", name="free coins", ended_at=ago(hours=30))
    run = dry_runs.run(draft("words", settings={"words": ["coins"], "places": ["name"]}), 24)
    assert [finding.words for finding in run.found] == ["Room name: “free coins”"]
    assert run.read == 2
