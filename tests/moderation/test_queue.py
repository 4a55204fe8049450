"""The queue as a workbench: its filters and groups, one alert with all about it, an act that closes
its alert, several closed at once.
"""

import datetime as dt
import re
import uuid

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.actions import amendments
from moderation.alerts import alerts
from moderation.collaboration import claims
from moderation.core.errors import Refused
from moderation.models import Action, Alert, AuditEntry
from moderation.values.evidence import Escalated, Evidence, Said
from moderation.workbench.forms import MAX_ALERTS, numbers
from rooms.models import ChatLine
from tests.moderation import acting
from tests.support.factories import filled, log_in, make_room

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def raised(room, **fields) -> Alert:
    known = {"source": "system:words", "title": "Look", "evidence": Evidence(words="“x”")}
    return alerts.raise_alert(room=room, **(known | fields))


def listed(page) -> list[int]:
    return [alert.pk for group in page.context["groups"] for alert in group.rows]


@pytest.fixture
def moderator(client, people):
    return log_in(client, people["moderator"])


# --- The list ---


def test_alerts_of_a_room_stand_together_and_the_most_urgent_room_first(moderator, room):
    other = make_room("other")
    late = raised(room, severity=1, account="a")
    urgent = raised(other, severity=3)
    same = raised(room, severity=2, account="b")
    assert listed(moderator.get("/queue")) == [urgent.pk, same.pk, late.pk]


def test_grouped_by_account_alerts_of_several_rooms_stand_together(moderator, room):
    other = make_room("other")
    first, second = raised(room, account="troll"), raised(other, account="troll")
    host = raised(other, source="b")
    page = moderator.get("/queue?group=account")
    assert [group.account for group in page.context["groups"]] == ["troll", "host-of-other"]
    assert listed(page) == [first.pk, second.pk, host.pk]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", {"words", "label", "called"}),
        ("rule=system:words", {"words"}),
        ("rule=people", {"called"}),
        ("severity=3", {"called"}),
        ("severity=2", {"called", "label"}),
        ("age=15", {"label"}),
        ("mine=1", {"words", "label"}),
        ("severity=9&age=x&mine=yes&group=?&alert=x", {"words", "label", "called"}),
    ],
)
def test_the_address_filters_by_rule_urgency_age_and_what_is_mine(
    query, titles, moderator, room, people
):
    raised(room, title="words", severity=1)
    old = raised(room, source="system:label", title="label", severity=2)
    Alert.objects.filter(pk=old.pk).update(raised_at=timezone.now() - dt.timedelta(minutes=20))
    evidence = Escalated(reason="violence", by="ann")
    other = make_room("other")
    raised(other, source="ann", title="called", severity=3, evidence=evidence)
    claims.claim(by=people["moderator"], room=room)
    page = moderator.get(f"/queue?{query}")
    assert {Alert.objects.get(pk=pk).title for pk in listed(page)} == titles


def test_an_empty_queue_says_what_would_be_here_and_who_may_is_led_to_the_rules(client, people):
    for name, leads in (("moderator", False), ("banadmin", True)):
        page = log_in(client, people[name]).get("/queue").content.decode()
        assert "Queue is clear" in page
        assert ("/rules" in page.partition("<main")[2]) is leads


def test_rows_are_told_as_they_are_now_and_what_is_new_is_counted(moderator, room, people):
    first, second = raised(room, account="a"), raised(room, account="b")
    alerts.close(by=people["supervisor"], alert=first, outcome="handled")
    raised(room, account="c")
    part = moderator.get(f"/queue/rows?known={first.pk},{second.pk}").content.decode()
    assert 'data-more="1"' in part
    rows = dict(re.findall(r'id="row-(\d+)"([^>]*)>', part))
    assert "data-closed" in rows[str(first.pk)]
    assert "data-closed" not in rows[str(second.pk)]


@given(st.text(max_size=300))
def test_whatever_is_given_as_numbers_is_numbers_or_nothing(text):
    found = numbers(text)
    assert len(found) == len(set(found)) <= MAX_ALERTS
    assert all(0 <= number < 10**18 for number in found)


# --- One alert ---


def test_an_alert_shows_the_line_that_raised_it_among_its_neighbours(moderator, room):
    for number in range(12):
        ChatLine.objects.create(
            room=room, message_id=str(number), account="v", text=f"line {number}.", at_ms=number
        )
    evidence = Said(words="“x”", word="x", message_id="7", at_ms=7)
    alert = raised(room, account="v", evidence=evidence)
    page = moderator.get(f"/queue/alerts/{alert.pk}").content.decode()
    assert [f"line {number}." in page for number in (2, 3, 7, 11)] == [False, True, True, True]
    found = page.index("data-found")
    assert page.index("line 6.") < found < page.index("line 7.")
    assert page.count("data-found") == 1


def test_acts_on_the_account_are_offered_for_a_member_and_never_for_the_host(moderator, room):
    member, host = raised(room, account="v"), raised(room, account=room.owner_account)
    page = moderator.get(f"/queue/alerts/{member.pk}").content.decode()
    assert 'data-act="m"' in page
    assert "Strikes" in page
    assert 'data-act="m"' not in moderator.get(f"/queue/alerts/{host.pk}").content.decode()


def test_a_quarantined_room_is_released_from_its_alert(moderator, room, facts, change):
    quarantine = change("quarantine")
    alert = Alert.objects.get(source="quarantine")
    page = moderator.get(f"/queue/alerts/{alert.pk}").content.decode()
    assert f"/rooms/{room.pk}/release" in page
    assert f"/rooms/{room.pk}/quarantine" not in page
    answer = moderator.post(f"/rooms/{room.pk}/release", filled(alert=alert.pk), headers=HTMX)
    assert answer.status_code == 204
    alert.refresh_from_db()
    assert alert.closed_with.verb == "release"
    assert quarantine.status == "done"


def test_an_auditor_sees_the_alert_and_no_act(client, people, room):
    alert = raised(room, account="v")
    page = log_in(client, people["auditor"]).get(f"/queue/alerts/{alert.pk}").content.decode()
    assert "Look" in page
    assert "data-act=" not in page
    assert "data-desk=" not in page.replace('data-holder data-desk="c"', "")


# --- An act that closes its alert ---


def test_an_act_and_the_closing_of_its_alert_are_one(moderator, room):
    alert = raised(room, account="v")
    body = filled(account="v", seconds=3600, alert=alert.pk)
    answer = moderator.post(f"/rooms/{room.pk}/mute", body, headers=HTMX)
    assert answer.status_code == 204
    assert f'"closed": {{"alerts": [{alert.pk}]}}' in answer["HX-Trigger"]
    action = Action.objects.get()
    alert.refresh_from_db()
    assert (alert.outcome, alert.closed_with, alert.closed_by_name) == (
        "handled",
        action,
        "moderator",
    )
    assert AuditEntry.objects.get(verb="close_alert").after["act"] == action.pk
    # The same click once more changes nothing.
    assert moderator.post(f"/rooms/{room.pk}/mute", body, headers=HTMX).status_code == 204
    assert Action.objects.count() == AuditEntry.objects.filter(verb="close_alert").count() == 1


def test_an_alert_that_a_colleague_has_closed_orders_nothing(moderator, room, people):
    alert = raised(room)
    alerts.close(by=people["supervisor"], alert=alert, outcome="dismissed")
    answer = moderator.post(f"/rooms/{room.pk}/end", filled(alert=alert.pk), headers=HTMX)
    assert answer.status_code == 409
    assert "supervisor" in answer.content.decode()
    assert not Action.objects.exists()
    assert not AuditEntry.objects.filter(verb="end").exists()


@pytest.mark.parametrize("given", ["other", "x", "999999"])
def test_an_act_answers_no_alert_of_another_room(given, moderator, room):
    alert = raised(make_room("other"))
    named = alert.pk if given == "other" else given
    answer = moderator.post(f"/rooms/{room.pk}/end", filled(alert=named), headers=HTMX)
    assert answer.status_code == 422
    assert not Action.objects.exists()
    alert.refresh_from_db()
    assert alert.closed_at is None


def test_of_two_with_the_same_act_on_one_alert_the_second_reads_who_was_first(room, people, policy):
    alert = raised(room, account="v")
    order = {"verb": "mute", "room": room, "policy": policy, "account": "v", "seconds": 600}
    acting.submit(by=people["moderator"], alert=alert, **order)
    late = Alert.objects.get(pk=alert.pk)
    with pytest.raises(Refused, match="moderator"):
        acting.submit(by=people["supervisor"], alert=late, **order)
    assert Action.objects.count() == 1


def test_an_act_that_is_taken_back_opens_its_alert_again(moderator, room, people, policy):
    alert = raised(room)
    moderator.post(f"/rooms/{room.pk}/end", filled(alert=alert.pk), headers=HTMX)
    amendments.undo(by=people["moderator"], action=Action.objects.get())
    alert.refresh_from_db()
    assert (alert.closed_at, alert.outcome, alert.closed_with) == (None, "", None)
    assert AuditEntry.objects.get(verb="reopen_alert").actor == "moderator"


def test_a_warning_asked_for_from_an_alert_keeps_it_in_its_form(moderator, room):
    alert = raised(room)
    form = moderator.get(f"/rooms/{room.pk}/act/warn?alert={alert.pk}", headers=HTMX)
    assert f'name="alert" value="{alert.pk}"' in form.content.decode()
    body = {"alert": alert.pk, "key": str(uuid.uuid4())}
    refused = moderator.post(f"/rooms/{room.pk}/warn", body, headers=HTMX)
    assert refused.status_code == 422
    assert f'name="alert" value="{alert.pk}"' in refused.content.decode()


# --- Open again ---


def test_a_closing_is_taken_back_once_and_recorded(moderator, room, people):
    alert = raised(room)
    alerts.close(by=people["moderator"], alert=alert, outcome="dismissed", note="a joke")
    for _ in range(2):
        answer = moderator.post(f"/alerts/{alert.pk}/reopen", headers=HTMX)
        assert answer.status_code == 204
    alert.refresh_from_db()
    assert (alert.closed_at, alert.note) == (None, "")
    assert AuditEntry.objects.filter(verb="reopen_alert").count() == 1


def test_what_was_raised_anew_or_has_ended_is_not_opened_again(moderator, room, people):
    alert = raised(room)
    alerts.close(by=people["moderator"], alert=alert, outcome="handled")
    raised(room)
    assert moderator.post(f"/alerts/{alert.pk}/reopen", headers=HTMX).status_code == 409
    Alert.objects.exclude(pk=alert.pk).delete()
    type(room).objects.update(ended_at=timezone.now())
    assert moderator.post(f"/alerts/{alert.pk}/reopen", headers=HTMX).status_code == 409
    alert.refresh_from_db()
    assert alert.outcome == "handled"


# --- Several ---


def several(moderator, found, **more):
    body = {
        "alerts": ",".join(str(alert.pk) for alert in found),
        "outcome": "dismissed",
        "why": "duplicate",
    }
    return moderator.post("/queue/close", body | more, headers=HTMX)


def test_several_are_closed_with_a_reason_and_opened_again_by_undo(moderator, room):
    found = [raised(room, account=str(number)) for number in range(3)]
    answer = several(moderator, found, note="one flood")
    assert answer.status_code == 204
    assert "3 alerts are closed" in answer["HX-Trigger"]
    kept = set(Alert.objects.values_list("outcome", "why", "note"))
    assert kept == {("dismissed", "duplicate", "one flood")}
    assert AuditEntry.objects.filter(verb="close_alert").count() == 3
    undo = re.search(r"/queue/reopen[?]alerts=[^\"]*", answer["HX-Trigger"])[0]
    assert moderator.post(undo, headers=HTMX).status_code == 204
    assert Alert.objects.filter(closed_at=None).count() == 3


@pytest.mark.parametrize(
    "wrong",
    [{"why": ""}, {"why": "nonsense"}, {"outcome": "ended"}, {"alerts": ""}, {"alerts": "x"}],
)
def test_several_are_not_closed_without_reason_outcome_or_alerts(wrong, moderator, room):
    answer = several(moderator, [raised(room)], **wrong)
    assert answer.status_code == 422
    assert Alert.objects.get().closed_at is None


@pytest.mark.parametrize("typed", ["", "10", "x", "-1"])
def test_many_are_closed_only_by_whoever_types_their_number(typed, moderator, room, settings):
    settings.BULK_LIMIT = 10
    found = [raised(room, account=str(number)) for number in range(11)]
    refused = several(moderator, found, count=typed)
    assert refused.status_code == 422
    assert 'name="count"' in refused.content.decode()
    assert not Alert.objects.exclude(closed_at=None).exists()
    assert several(moderator, found, count="11").status_code == 204
    assert not Alert.objects.filter(closed_at=None).exists()


def test_what_a_colleague_has_closed_meanwhile_is_told_and_the_others_are_closed(
    moderator, room, people
):
    found = [raised(room, account=str(number)) for number in range(2)]
    alerts.close(by=people["supervisor"], alert=found[0], outcome="handled")
    answer = several(moderator, found)
    assert (
        "1 alert is closed. This alert was closed already, by supervisor." in answer["HX-Trigger"]
    )


def test_undo_of_several_opens_only_what_the_same_person_has_closed(moderator, room, people):
    alert = raised(room)
    alerts.close(by=people["supervisor"], alert=alert, outcome="handled")
    moderator.post(f"/queue/reopen?alerts={alert.pk}", headers=HTMX)
    alert.refresh_from_db()
    assert alert.closed_by_name == "supervisor"
