"""Requests for platform bans, and the card of an account from which they are made."""

import uuid

import pytest
from django.utils import timezone

from moderation.alerts import alerts
from moderation.bans import registry, requests
from moderation.core.errors import Refused
from moderation.models import Action, Alert, AuditEntry, Ban, BanRequest
from moderation.values.evidence import Evidence
from tests.moderation import acting
from tests.support.factories import filled, log_in, make_room

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def alert(room) -> Alert:
    evidence = Evidence(words="“free coins”")
    return alerts.raise_alert(
        room=room, source="system:words", title="Fraud", account="troll", evidence=evidence
    )


@pytest.fixture
def moderator(client, people):
    return log_in(client, people["moderator"])


@pytest.fixture
def asked(people, policy) -> BanRequest:
    return requests.ask(
        by=people["moderator"], account="troll", policy=policy, key=uuid.uuid4(), note="again"
    )


# --- Asking ---


def test_a_moderator_asks_in_one_step_with_the_evidence_and_the_alert_is_closed(
    moderator, room, alert
):
    form = moderator.get(
        f"/bans/ask?account=troll&room={room.pk}&about={alert.pk}&alert={alert.pk}", headers=HTMX
    ).content.decode()
    assert 'value="troll"' in form
    body = filled(account="troll", room=room.pk, about=alert.pk, alert=alert.pk, note="third time")
    answer = moderator.post("/bans/ask", body, headers=HTMX)
    assert answer.status_code == 204
    assert f'"closed": {{"alerts": [{alert.pk}]}}' in answer["HX-Trigger"]
    made = BanRequest.objects.get()
    assert (made.account, made.evidence, made.note, made.room, made.asked_by_name) == (
        "troll",
        "Fraud: “free coins”",
        "third time",
        room,
        "moderator",
    )
    alert.refresh_from_db()
    assert alert.outcome == "handled"
    entry = AuditEntry.objects.get(verb="request_ban")
    assert (entry.actor, entry.account, entry.outcome) == ("moderator", "troll", "requested")
    # The same click once more.
    assert moderator.post("/bans/ask", body, headers=HTMX).status_code == 204
    assert BanRequest.objects.count() == AuditEntry.objects.filter(verb="request_ban").count() == 1


def test_an_account_is_asked_for_once_whoever_asks(people, policy, asked):
    again = requests.ask(by=people["supervisor"], account="troll", policy=policy, key=uuid.uuid4())
    assert again == asked
    assert AuditEntry.objects.filter(verb="request_ban").count() == 1


def test_a_key_names_one_request(people, policy, asked):
    for by, account in (("moderator", "other"), ("supervisor", "troll")):
        with pytest.raises(Refused, match="used for something else"):
            requests.ask(by=people[by], account=account, policy=policy, key=asked.key)


def test_nothing_is_asked_for_an_account_that_is_banned(moderator, policy):
    Ban.objects.create(account="troll", policy=policy, by_name="x")
    answer = moderator.post("/bans/ask", filled(account="troll"), headers=HTMX)
    assert answer.status_code == 409
    assert not BanRequest.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"account": ""}, {"policy": ""}, {"policy": "none"}, {"key": ""}, {"about": "x"}]
)
def test_a_request_that_lacks_something_is_refused(wrong, moderator):
    answer = moderator.post("/bans/ask", filled(account="troll") | wrong, headers=HTMX)
    assert answer.status_code == 422
    assert not BanRequest.objects.exists()


@pytest.mark.parametrize("field", ["about", "alert"])
def test_an_alert_about_somebody_else_is_no_evidence(field, moderator, room, alert):
    answer = moderator.post("/bans/ask", filled(account="other", **{field: alert.pk}))
    assert answer.status_code == 422
    assert not BanRequest.objects.exists()


# --- Deciding ---


def test_ban_administrators_find_it_in_the_queue_and_moderators_do_not(client, people, asked):
    page = log_in(client, people["banadmin"]).get("/queue").content.decode()
    assert f'id="row-{asked.item}"' in page
    assert "account=troll" in page
    assert ">1<" in client.get("/queue/count").content.decode()
    assert f'id="row-{asked.item}"' in client.get("/queue?rule=requests").content.decode()
    assert f'id="row-{asked.item}"' not in client.get("/queue?mine=1").content.decode()
    log_in(client, people["moderator"])
    assert f'id="row-{asked.item}"' not in client.get("/queue").content.decode()
    assert f"row-{asked.item}" not in client.get(f"/queue/rows?known={asked.item}").content.decode()


def test_a_ban_grants_what_was_asked_for_in_the_same_transaction(client, people, asked, room):
    log_in(client, people["banadmin"])
    form = client.get(f"/bans/new?account=troll&policy=violence&note=again&room={room.pk}")
    assert "checked" in form.content.decode()
    body = filled(account="troll", seconds=86400, sure="troll", room=room.pk)
    answer = client.post("/bans/new", body, headers=HTMX)
    assert f'"closed": {{"alerts": ["{asked.item}"]}}' in answer["HX-Trigger"]
    asked.refresh_from_db()
    assert (asked.state, asked.ban, asked.decided_by_name) == (
        "granted",
        Ban.objects.get(),
        "banadmin",
    )
    entry = AuditEntry.objects.get(verb="grant_ban")
    assert (entry.actor, entry.account, entry.ban_id) == ("banadmin", "troll", asked.ban_id)
    rows = client.get(f"/queue/rows?known={asked.item}").content.decode()
    assert "data-closed" in rows


def test_a_ban_from_an_alert_closes_it_and_one_about_another_account_bans_nobody(
    client, people, alert, room
):
    log_in(client, people["banadmin"])
    body = filled(seconds=86400, room=room.pk, alert=alert.pk)
    refused = client.post("/bans/new", body | {"account": "other", "sure": "other"}, headers=HTMX)
    assert refused.status_code == 422
    assert not Ban.objects.exists()
    client.post("/bans/new", body | {"account": "troll", "sure": "troll"}, headers=HTMX)
    alert.refresh_from_db()
    assert (alert.outcome, Ban.objects.get().account) == ("handled", "troll")


def test_a_request_is_declined_once_with_a_reason_that_the_card_shows(client, people, asked):
    log_in(client, people["banadmin"])
    address = f"/bans/requests/{asked.pk}/decline"
    assert client.post(address, {"note": " "}, headers=HTMX).status_code == 422
    for _ in range(2):
        answer = client.post(address, {"note": "one warning first"}, headers=HTMX)
        assert answer.status_code == 204
    asked.refresh_from_db()
    assert (asked.state, asked.decision_note) == ("declined", "one warning first")
    assert AuditEntry.objects.filter(verb="decline_ban").count() == 1
    log_in(client, people["moderator"])
    card = client.get("/account-card?account=troll", headers=HTMX).content.decode()
    assert "one warning first" in card


def test_of_two_who_decide_the_second_reads_who_was_first(people, policy, asked):
    registry.place(by=people["supervisor"], account="troll", policy=policy, until=None)
    with pytest.raises(Refused, match="supervisor"):
        requests.decline(by=people["banadmin"], asked=asked, note="no")
    asked.refresh_from_db()
    assert asked.state == "granted"


def test_a_declined_account_can_be_asked_for_again(people, policy, asked):
    requests.decline(by=people["banadmin"], asked=asked, note="no")
    again = requests.ask(by=people["moderator"], account="troll", policy=policy, key=uuid.uuid4())
    assert again.is_open
    assert again != asked


# --- The card ---


def test_the_card_says_what_one_has_to_know_and_acts_in_the_room(moderator, room, policy, people):
    act = acting.submit(
        by=people["supervisor"],
        verb="mute",
        room=room,
        policy=policy,
        account="troll",
        seconds=600,
    )
    Action.objects.filter(pk=act.pk).update(status="done", finished_at=timezone.now())
    card = moderator.get(f"/account-card?account=troll&room={room.pk}", headers=HTMX)
    text = card.content.decode()
    assert "supervisor · " in text
    assert f"/rooms/{room.pk}/act/mute?account=troll" in text
    assert "/bans/ask?account=troll" in text
    assert "/bans/new" not in text
    assert 'href="/users/troll"' in text


@pytest.mark.parametrize(("who", "asks", "bans"), [("banadmin", 0, 1), ("auditor", 0, 0)])
def test_the_card_offers_what_the_role_may(who, asks, bans, client, people, room):
    card = log_in(client, people[who]).get(
        f"/account-card?account=troll&room={room.pk}", headers=HTMX
    )
    text = card.content.decode()
    assert ("/bans/ask" in text, "/bans/new" in text) == (bool(asks), bool(bans))
    assert ("/act/mute" in text) is (who == "banadmin")


def test_a_host_is_neither_muted_nor_banned_in_the_own_room(moderator, room):
    card = moderator.get(f"/account-card?account={room.owner_account}&room={room.pk}", headers=HTMX)
    assert "/act/mute" not in card.content.decode()


@pytest.mark.parametrize("number", ["", "x", "99999999999999999999", "999"])
def test_the_card_without_a_room_that_exists_is_a_card_all_the_same(number, moderator):
    answer = moderator.get(f"/account-card?account=a/b&room={number}", headers=HTMX)
    assert answer.status_code == 200
    assert "/act/mute" not in answer.content.decode()


def test_who_has_no_script_gets_the_profile(moderator):
    answer = moderator.get("/account-card?account=troll")
    assert answer["Location"] == "/users/troll"
    assert moderator.get("/account-card?account=" + "x" * 200).status_code == 404


def test_a_card_costs_a_bounded_number_of_questions(
    moderator, room, people, policy, django_assert_max_num_queries
):
    for number in range(20):
        other = make_room(f"other-{number}", owner_account="troll")
        acting.submit(by=people["supervisor"], verb="warn", room=other, policy=policy)
    with django_assert_max_num_queries(20):
        moderator.get(f"/account-card?account=troll&room={room.pk}", headers=HTMX)
