"""The ban registry and what follows from it in the rooms."""

import datetime as dt
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from moderation.actions import orders
from moderation.actions.handlers.base import Outcome
from moderation.actions.requests import ActionRequest
from moderation.automation import large_rooms, receivers
from moderation.bans import enforcement, registry
from moderation.core import broker
from moderation.core.errors import Refused
from moderation.models import Action, AuditEntry, Ban, Rule, RuleSwitch
from moderation.worker import executor, recovery
from tests.support.factories import filled, log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def ban(policy) -> Ban:
    return Ban.objects.create(account="troll", policy=policy, by_name="banadmin", orders_due=False)


def test_a_ban_ends_the_rooms_of_its_account_and_reaches_large_rooms(
    people, policy, django_capture_on_commit_callbacks
):
    own, large, small = (
        make_room("own", owner_account="troll"),
        make_room("large", online=5000),
        make_room("small", online=5),
    )
    with django_capture_on_commit_callbacks(execute=True):
        registry.place(by=people["banadmin"], account="troll", policy=policy, until=None)
    acts = {(act.room_id, act.verb, act.by_name) for act in Action.objects.all()}
    assert acts == {
        (own.pk, "end", "system:platform-ban"),
        (large.pk, "room_ban", "system:platform-ban"),
    }
    assert small.pk not in {room for room, _, _ in acts}


def test_a_banned_account_is_banned_where_it_is_seen_and_its_new_room_is_ended(
    people, policy, room
):
    Ban.objects.create(account="troll", policy=policy, by_name="x")
    receivers.on_members_seen(None, room=room, accounts=frozenset({"troll", "other"}))
    receivers.on_members_seen(None, room=room, accounts=frozenset({"troll"}))
    receivers.on_room_opened(None, room=make_room("new", owner_account="troll"))
    assert sorted(Action.objects.values_list("verb", "account")) == [
        ("end", ""),
        ("room_ban", "troll"),
    ]


def test_a_lifted_ban_is_taken_back_in_rooms_and_a_second_lift_is_refused(
    people, policy, room, service, django_capture_on_commit_callbacks
):
    ban = Ban.objects.create(account="troll", policy=policy, by_name="x")
    registry.enforce(ban, room)
    executor.execute(Action.objects.get().pk)
    with django_capture_on_commit_callbacks(execute=True):
        registry.lift(by=people["banadmin"], ban=ban, note="appeal granted")
    assert Action.objects.filter(verb="room_unban", account="troll").exists()
    with pytest.raises(Refused):
        registry.lift(by=people["banadmin"], ban=ban, note="again")


def test_a_ban_whose_time_is_over_is_closed_and_makes_room_for_another(people, policy):
    ban = Ban.objects.create(
        account="troll", policy=policy, by_name="x", until=timezone.now() - dt.timedelta(seconds=1)
    )
    recovery.expire_bans()
    ban.refresh_from_db()
    assert not ban.in_force
    new = registry.place(by=people["banadmin"], account="troll", policy=policy, until=None)
    assert new.pk != ban.pk
    assert (
        registry.place(by=people["banadmin"], account="troll", policy=policy, until=None).pk
        == new.pk
    )


def test_a_permanent_ban_needs_the_account_twice(client, people):
    client = log_in(client, people["banadmin"])
    fields = filled(account="troll", sure="troll", seconds="0")
    assert client.post("/bans/new", fields).status_code == 422
    assert client.post("/bans/new", fields | {"again": "troll"}).status_code == 302
    assert Ban.objects.get().until is None


def test_a_form_sent_twice_is_one_ban_and_its_key_is_refused_for_another_account(people, policy):
    key = uuid.uuid4()
    first = registry.place(
        by=people["banadmin"], account="troll", policy=policy, until=None, key=key
    )
    again = registry.place(
        by=people["banadmin"], account="troll", policy=policy, until=None, key=key
    )
    assert first.pk == again.pk
    registry.lift(by=people["banadmin"], ban=first, note="mistake")
    late = registry.place(
        by=people["banadmin"], account="troll", policy=policy, until=None, key=key
    )
    assert late.pk == first.pk  # a repeat of the old form places nothing new
    with pytest.raises(Refused):
        registry.place(by=people["banadmin"], account="other", policy=policy, until=None, key=key)
    assert AuditEntry.objects.filter(verb="platform_ban").count() == 1


def test_who_comes_second_sees_the_ban_of_the_first_and_when(client, people, ban):
    client = log_in(client, people["supervisor"])
    answer = client.post(
        "/bans/new", filled(account="troll", sure="troll", seconds="86400"), follow=True
    )
    assert answer.redirect_chain[-1][0] == reverse("ban", args=[ban.pk])
    assert "banadmin was first at" in "".join(
        str(message) for message in answer.context["messages"]
    )


def test_a_ban_whose_time_is_over_holds_no_more_even_before_the_sweep(people, policy, ban, room):
    Ban.objects.filter(pk=ban.pk).update(until=timezone.now() - dt.timedelta(seconds=1))
    receivers.on_members_seen(None, room=room, accounts=frozenset({"troll"}))
    assert not Action.objects.exists()
    assert (
        registry.place(by=people["banadmin"], account="troll", policy=policy, until=None).pk
        != ban.pk
    )


def test_an_extended_ban_is_enforced_again_and_recorded_with_both_expiry_times(
    people, ban, room, committing, service
):
    soon, later = (timezone.now() + dt.timedelta(days=days) for days in (1, 30))
    Ban.objects.filter(pk=ban.pk).update(until=soon)
    ban.refresh_from_db()
    registry.enforce(ban, room)
    executor.execute(Action.objects.get().pk)
    with committing():
        registry.change(by=people["banadmin"], ban=ban, version=1, until=later, note="again")
    lengths = list(
        Action.objects.filter(verb="room_ban").order_by("pk").values_list("seconds", flat=True)
    )
    assert [round(seconds / 86400) for seconds in lengths] == [1, 30]
    entry = AuditEntry.objects.get(verb="change_ban")
    assert (entry.before["until"], entry.after["until"]) == (soon.isoformat(), later.isoformat())


def test_two_who_change_the_same_ban_do_not_overwrite_each_other(people, ban):
    until = timezone.now() + dt.timedelta(days=7)
    registry.change(by=people["banadmin"], ban=ban, version=1, until=until, note="longer")
    with pytest.raises(Refused):
        registry.change(by=people["supervisor"], ban=ban, version=1, until=None, note="for ever")
    ban.refresh_from_db()
    assert ban.until == until


@pytest.mark.parametrize(
    "fields", [{"seconds": "0"}, {"note": ""}, {"version": ""}, {"seconds": "-1"}, {"version": "7"}]
)
def test_a_change_that_lacks_something_is_refused(fields, client, people, ban):
    url = reverse("ban-change", args=[ban.pk])
    given = {"seconds": "86400", "note": "why", "version": "1"} | fields
    assert log_in(client, people["banadmin"]).post(url, given).status_code in {409, 422}
    assert Ban.objects.get().version == 1


def test_a_ban_that_was_just_placed_is_taken_back_with_one_click(
    client, people, committing, room, service
):
    client = log_in(client, people["banadmin"])
    with committing():
        page = client.post(
            "/bans/new",
            filled(account="troll", sure="troll", seconds="86400", room=str(room.pk)),
            follow=True,
        )
    placed = Ban.objects.get()
    undo = reverse("ban-undo", args=[placed.pk])
    assert undo in page.content.decode()
    executor.execute(Action.objects.get().pk)
    with committing():
        client.post(undo)
    placed.refresh_from_db()
    assert not placed.in_force
    assert sorted(Action.objects.values_list("verb", flat=True)) == ["room_ban", "room_unban"]
    assert AuditEntry.objects.filter(verb="undo_ban", actor="banadmin").exists()
    assert client.post(undo).status_code == 409


def test_what_was_stranded_of_a_ban_is_ordered_by_the_sweep_and_once(people, policy, monkeypatch):
    own = make_room("own", owner_account="troll")
    monkeypatch.setattr(broker, "enqueue_ban", lambda pk: False)
    placed = registry.place(by=people["banadmin"], account="troll", policy=policy, until=None)
    Ban.objects.filter(pk=placed.pk).update(changed_at=timezone.now() - dt.timedelta(minutes=1))
    assert placed.orders_due
    registry.enforce_everywhere(placed.pk)
    Ban.objects.filter(pk=placed.pk).update(
        orders_due=True
    )  # as if the worker had died just before
    registry.enforce_everywhere(placed.pk)
    assert list(Action.objects.values_list("verb", "room")) == [("end", own.pk)]
    assert not Ban.objects.get().orders_due


def test_the_sweep_queues_a_ban_whose_orders_are_due(ban, monkeypatch):
    queued = []
    monkeypatch.setattr(broker, "enqueue_ban", lambda pk: queued.append(pk) or True)
    Ban.objects.filter(pk=ban.pk).update(
        orders_due=True, changed_at=timezone.now() - dt.timedelta(minutes=1)
    )
    recovery.sweep()
    assert queued == [ban.pk]


def test_a_banned_hosts_room_is_found_by_the_sweep_when_its_signal_was_lost(ban):
    own = make_room("own", owner_account="troll")
    recovery.sweep()
    recovery.sweep()
    assert [(act.verb, act.room_id) for act in Action.objects.all()] == [("end", own.pk)]
    long_ago = timezone.now() - dt.timedelta(minutes=5)
    Action.objects.update(status="failed", requested_at=long_ago)
    recovery.sweep()
    assert Action.objects.filter(status="requested").count() == 1


def test_a_room_that_opens_or_grows_after_a_ban_gets_it_once_with_the_next_sweep(
    people, policy, ban
):
    other = Ban.objects.create(account="host-of-big", policy=policy, by_name="x", orders_due=False)
    small = make_room("small", online=900)
    big = make_room("big", online=1400, owner_account="host-of-big")
    recovery.sweep()
    wanted = {("room_ban", big.pk, "troll", ban.pk), ("end", big.pk, "", other.pk)}
    acts = Action.objects.values_list("verb", "room", "account", "ban")
    assert set(acts) == wanted
    Action.objects.update(status="done")
    type(small).objects.filter(pk=small.pk).update(online=1001)
    recovery.sweep()
    recovery.sweep()
    wanted |= {
        ("room_ban", small.pk, "troll", ban.pk),
        ("room_ban", small.pk, "host-of-big", other.pk),
    }
    assert sorted(acts.filter(verb="room_ban")) == sorted(
        act for act in wanted if act[0] == "room_ban"
    )
    assert {act.by_name for act in Action.objects.all()} == {"system:platform-ban"}


def test_a_room_ban_that_was_given_up_is_ordered_again_after_a_while_only(ban):
    make_room("big", online=1400)
    large_rooms.enforce_in_large_rooms()
    Action.objects.update(status="failed")
    assert large_rooms.enforce_in_large_rooms() == 0
    Action.objects.update(requested_at=timezone.now() - dt.timedelta(minutes=6))
    Ban.objects.update(changed_at=timezone.now() - dt.timedelta(minutes=10))
    assert large_rooms.enforce_in_large_rooms() == 1


def test_a_sweep_orders_a_bounded_number_of_bans_in_large_rooms(policy):
    make_room("big", online=1400), make_room("larger", online=5000)
    bans = [
        Ban(account=f"troll-{n}", policy=policy, by_name="x", orders_due=False) for n in range(3)
    ]
    Ban.objects.bulk_create(bans)
    assert [large_rooms.enforce_in_large_rooms(limit=4) for _ in range(3)] == [4, 2, 0]


def test_sweep_after_sweep_orders_all_of_six_hundred(policy):
    rooms = [make_room("big", online=1400), make_room("larger", online=5000)]
    names = [f"troll-{number:03}" for number in range(300)]
    Ban.objects.bulk_create(
        Ban(account=name, policy=policy, by_name="x", orders_due=False) for name in names
    )
    assert [large_rooms.enforce_in_large_rooms() for _ in range(4)] == [250, 250, 100, 0]
    ordered = sorted(Action.objects.filter(verb="room_ban").values_list("room", "account"))
    assert ordered == sorted((room.pk, name) for room in rooms for name in names)


def test_what_is_refused_in_a_sweep_takes_nobodys_place(policy, monkeypatch):
    make_room("big", online=1400)
    bans = [
        Ban(account=f"troll-{number}", policy=policy, by_name="x", orders_due=False)
        for number in range(4)
    ]
    Ban.objects.bulk_create(bans)
    real = orders.submit

    def refuses_some(request, **more):
        if request.account in {"troll-0", "troll-1"}:
            raise Refused("not now")
        return real(request, **more)

    monkeypatch.setattr(orders, "submit", refuses_some)
    assert [large_rooms.enforce_in_large_rooms(limit=2) for _ in range(2)] == [2, 0]
    assert set(Action.objects.values_list("account", flat=True)) == {"troll-2", "troll-3"}


@pytest.mark.parametrize(
    "switched", [{"phase": "off"}, {"phase": "shadow"}, {"act": "alert"}, {"daily_cap": 0}, None]
)
def test_the_sweep_obeys_the_switches_of_the_rule_for_banned_users(switched, ban):
    make_room("big", online=1400)
    if switched is None:
        RuleSwitch.objects.update_or_create(pk=1, defaults={"all_off": True})
    else:
        Rule.objects.filter(slug="banned-user").update(**switched)
    assert large_rooms.enforce_in_large_rooms() == 0
    assert not Action.objects.exists()


def test_one_function_says_what_a_ban_means_for_a_room(ban, room):
    own = make_room("own", owner_account="troll")
    over = make_room("over", ended_at=timezone.now())
    at_once = ActionRequest(verb="end", room=own, policy=ban.policy, ban=ban, grace=0.0)
    assert enforcement.enforcement_for(ban, own) == at_once
    assert enforcement.enforcement_for(ban, room).verb == "room_ban"
    assert enforcement.enforcement_for(ban, over) is None
    ban.until = timezone.now()
    assert enforcement.enforcement_for(ban, room) is None


def test_a_registry_of_thousands_costs_one_question_a_room(policy, room):
    Ban.objects.bulk_create(
        [
            Ban(account=f"troll-{n}", policy=policy, by_name="x", orders_due=False)
            for n in range(3000)
        ]
    )
    with CaptureQueriesContext(
        connection,
    ) as asked:
        receivers.on_members_seen(
            None, room=room, accounts=frozenset(f"viewer-{n}" for n in range(1000))
        )
        receivers.on_room_opened(None, room=room)
    assert len(asked) == 2


def test_no_member_is_overlooked_however_many_a_room_names(policy, room):
    Ban.objects.create(account="zz-last", policy=policy, by_name="x")
    names = frozenset({f"viewer-{n:05}" for n in range(4500)} | {"zz-last"})
    receivers.on_members_seen(None, room=room, accounts=names)
    assert Action.objects.get().account == "zz-last"


def test_many_banned_members_cost_two_questions_and_their_orders(policy, room):
    bans = [Ban(account=f"troll-{n}", policy=policy, by_name="x") for n in range(20)]
    Ban.objects.bulk_create(bans)
    accounts = frozenset(ban.account for ban in bans)
    receivers.on_members_seen(None, room=room, accounts=accounts)
    with CaptureQueriesContext(connection) as asked:
        receivers.on_members_seen(None, room=room, accounts=accounts)
    assert (len(asked), Action.objects.count()) == (2, 20)


def test_a_bans_page_shows_the_newest_state_in_each_room(client, people, ban, room):
    for verb in ("room_ban", "room_unban"):
        Action.objects.create(
            verb=verb,
            room=room,
            account="troll",
            policy=ban.policy,
            ban=ban,
            by_name="system:x",
            status="done",
            due_at=timezone.now(),
            give_up_at=timezone.now(),
        )
    page = log_in(client, people["auditor"]).get(reverse("ban", args=[ban.pk]))
    assert [action.verb for action in page.context["rooms"]] == ["room_unban"]
    assert str(page.context["rooms"][0].get_verb_display()) in page.content.decode()


@pytest.mark.parametrize(
    ("q", "found"), [("TROLL", 1), ("banadmin", 1), ("raid", 1), ("nobody", 0), ("\x00", 1)]
)
def test_the_registry_is_searched_by_account_name_and_note(q, found, client, people, ban):
    ban.note = "a raid of bots"
    ban.save()
    page = log_in(client, people["banadmin"]).get("/bans", {"q": q})
    assert len(page.context["page"].rows) == found


def test_a_ban_from_a_dialog_stays_on_the_page_and_offers_undo(client, people, room, queue):
    client = log_in(client, people["banadmin"])
    url, dialog = reverse("ban-new"), {"HX-Request": "true"}
    given = filled(account="stranger", sure="stranger", seconds="86400", room=str(room.pk))
    shown = client.get(url, {"account": "stranger", "room": room.pk}, headers=dialog)
    assert "<html" not in shown.content.decode()
    answer = client.post(url, given, headers=dialog)
    ban = Ban.objects.get()
    told = json.loads(answer["HX-Trigger"])
    assert answer.status_code == 204
    assert told["acted"] == {"room": room.pk}
    assert told["toast"]["undo"] == reverse("ban-undo", args=[ban.pk])
    again = client.post(url, given | {"key": str(uuid.uuid4())}, headers=dialog)
    assert json.loads(again["HX-Trigger"])["toast"]["undo"] == told["toast"]["undo"]
    undone = client.post(told["toast"]["undo"], headers=dialog)
    assert "is undone" in json.loads(undone["HX-Trigger"])["toast"]["text"]
    ban.refresh_from_db()
    assert not ban.in_force


def test_whoever_comes_second_to_a_ban_reads_who_was_first(client, people, room, policy, queue):
    registry.place(by=people["supervisor"], account="stranger", policy=policy, until=None)
    given = filled(account="stranger", sure="stranger", seconds="86400", room=str(room.pk))
    answer = log_in(client, people["banadmin"]).post(
        reverse("ban-new"), given, headers={"HX-Request": "true"}
    )
    toast = json.loads(answer["HX-Trigger"])["toast"]
    assert "supervisor was first" in toast["text"]
    assert toast["undo"] == ""


def test_what_a_lifted_ban_had_ordered_but_not_sent_is_never_sent(
    people, ban, room, service, committing
):
    make_room("own", owner_account="troll")
    Ban.objects.update(orders_due=True)
    registry.enforce(ban, room)
    registry.enforce_everywhere(ban.pk)
    with committing():
        registry.lift(by=people["banadmin"], ban=ban, note="mistake")
    assert set(Action.objects.values_list("verb", "status")) == {
        ("room_ban", "undone"),
        ("end", "undone"),
    }
    for act in Action.objects.all():
        executor.execute(act.pk)
    assert service.calls == []


def test_a_ban_that_is_being_placed_while_it_is_lifted_is_taken_back_after_it(
    people, ban, room, service, committing
):
    registry.enforce(ban, room)
    [placing] = executor.claim(Action.objects.get().pk)
    with committing():
        registry.lift(by=people["banadmin"], ban=ban, note="mistake")
    assert not Action.objects.filter(verb="room_unban").exists()
    executor.succeeded(placing, Outcome("done"))
    registry.enforce_everywhere(ban.pk)  # as the sweep does
    assert Action.objects.filter(verb="room_unban", status="requested").count() == 1
    assert not Ban.objects.get().orders_due
