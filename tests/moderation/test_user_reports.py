"""What users report: stored once each, one open alert a room and account, bounded."""

import pytest
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from moderation.alerts import alerts
from moderation.models import Action, Alert, AuditEntry, UserReport
from moderation.reports import reports
from moderation.reports.reports import Report
from moderation.values import retold
from rooms.models import Room
from tests.support.factories import make_room

pytestmark = pytest.mark.django_db


def report(key: str, reporter: str = "", *, account: str = "troll", **more: str) -> Report:
    known = {"category": "insults", "text": f"text of {key}"}
    return Report(key=key, reporter=reporter or f"by-{key}", account=account, **(known | more))


def send(room: Room, *told: Report) -> int:
    return reports.store(room, told, source="api:backend")


def test_reports_about_one_account_are_one_alert_that_counts_its_reporters(room):
    assert send(room, report("1", "ann"), report("2", "ann"), report("3", "bob")) == 3
    assert send(room, report("4", "cleo", category="fraud")) == 1
    alert = Alert.objects.get()
    assert (alert.source, alert.account, alert.headline) == (
        "system:reports",
        "troll",
        "Reports from users",
    )
    assert alert.evidence["reporters"] == 3
    assert alert.evidence["categories"] == ["fraud", "insults"]
    assert alert.evidence["texts"][0] == "text of 4"
    assert alert.told.words.startswith("Reporters: 3 (fraud, insults): “text of 4” · “text of 3”")
    assert not Action.objects.exists()


def test_another_account_another_room_and_the_room_itself_are_other_alerts(room):
    send(room, report("1"), report("2", account="other"), report("3", account=""))
    send(make_room("room-2"), report("1"))
    assert Alert.objects.count() == 4


def test_a_report_sent_twice_is_one_and_raises_nothing_again(room):
    assert send(room, report("1"), report("1")) == 1
    assert send(room, report("1")) == 0
    assert Alert.objects.get().count == 1
    assert reports.store(room, [report("1")], source="api:another") == 1


@pytest.mark.parametrize(("people", "severity"), [(1, 1), (2, 1), (3, 2), (9, 2), (10, 3)])
def test_how_urgent_it_is_follows_from_how_many_people_report(people, severity, room):
    send(room, *(report(str(n)) for n in range(people)))
    assert Alert.objects.get().severity == severity


def test_what_is_reported_after_a_decision_counts_from_there(room):
    send(room, *(report(str(n)) for n in range(4)))
    alerts.close(by="somebody", alert=Alert.objects.get(), outcome="dismissed")
    send(room, report("new"))
    alert = Alert.objects.get(closed_at=None)
    assert (alert.evidence["reporters"], alert.severity) == (1, 1)
    assert alert.evidence["texts"] == ["text of new"]


def test_reports_of_a_broadcast_that_is_over_raise_nothing():
    over = make_room("over", ended_at=timezone.now())
    assert send(over, report("1")) == 1
    assert not Alert.objects.exists()


def test_what_is_kept_and_shown_is_bounded(room, monkeypatch):
    monkeypatch.setattr(reports, "MAX_KEPT", 7)
    assert send(room, *(report(str(n), text="x" * 500) for n in range(9))) == 7
    assert send(room, report("late"), report("else", account="other")) == 1
    evidence = Alert.objects.get(account="troll").evidence
    assert [len(text) for text in evidence["texts"]] == [200] * 5


def test_the_alert_is_recorded_once_by_the_reports(room):
    send(room, report("1"))
    send(room, report("2"))
    assert list(AuditEntry.objects.values_list("actor", "verb")) == [
        ("system:reports", "raise_alert")
    ]


def test_the_alert_is_read_in_ones_own_language(room):
    send(room, report("1", text=""))
    alert = Alert.objects.get()
    with translation.override("ja"):
        assert alert.headline != "Reports from users"
        assert retold.again(alert.told.words) != alert.told.words


@given(
    st.lists(
        st.tuples(st.text(max_size=9), st.text(max_size=600), st.text(max_size=70)), max_size=5
    )
)
@settings(max_examples=25, suppress_health_check=list(HealthCheck), deadline=None)
def test_whatever_users_write_is_stored_and_shown_in_one_line(room, written):
    UserReport.objects.all().delete()
    told = [Report(key=key, reporter="r", category=what, text=text) for key, text, what in written]
    assert send(room, *told) == len({key for key, *_rest in written})
    for alert in Alert.objects.all():
        assert "\n" not in alert.told.words
