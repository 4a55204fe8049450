"""The queue: alerts raised, counted, shown and closed."""

import datetime as dt

import pytest
from django.utils import timezone

from moderation.alerts import alerts
from moderation.core.errors import Refused
from moderation.models import Alert, AuditEntry
from moderation.values.evidence import Evidence
from moderation.worker import recovery
from rooms.live import push
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db


def raised(room, **fields) -> Alert:
    known = {
        "source": "system:words",
        "title": "Look here",
        "evidence": Evidence(words="“free coins”"),
    }
    return alerts.raise_alert(room=room, **(known | fields))


def test_while_it_is_open_an_alert_counts_and_keeps_the_newest_and_the_most_urgent(room):
    soon, later = (timezone.now() + dt.timedelta(minutes=minutes) for minutes in (5, 10))
    raised(room, severity=3, decide_by=later)
    raised(room, severity=1, evidence=Evidence(words="newer"), decide_by=soon)
    alert = raised(room, severity=2)
    assert (alert.count, alert.severity, alert.decide_by) == (3, 3, soon)
    assert AuditEntry.objects.filter(verb="raise_alert").count() == 1


def test_another_account_or_source_is_another_alert_and_a_closed_one_is_raised_anew(room, people):
    first = raised(room, account="a")
    raised(room, account="b")
    raised(room, source="system:label", account="a")
    alerts.close(by=people["moderator"], alert=first, outcome="handled")
    raised(room, account="a")
    assert Alert.objects.count() == 4


@pytest.mark.parametrize(("severity", "kept"), [(0, 1), (9, 3)])
def test_the_severity_stays_within_its_bounds(severity, kept, room):
    assert raised(room, severity=severity).severity == kept


def test_an_alert_is_closed_once_and_the_second_reads_who_was_first(room, people):
    alert = raised(room)
    alerts.close(by=people["moderator"], alert=alert, outcome="handled", note="seen")
    alerts.close(by=people["moderator"], alert=alert, outcome="handled", note="seen")
    with pytest.raises(Refused, match="moderator"):
        alerts.close(by=people["supervisor"], alert=alert, outcome="dismissed")
    entry = AuditEntry.objects.get(verb="close_alert")
    assert (entry.actor, entry.outcome, entry.note, entry.room_pk) == (
        "moderator",
        "handled",
        "seen",
        room.pk,
    )


@pytest.mark.parametrize("outcome", ["", "ended", "nonsense"])
def test_people_close_it_as_handled_or_dismissed_only(outcome, room, people, client):
    alert = raised(room)
    with pytest.raises(Refused):
        alerts.close(by=people["moderator"], alert=alert, outcome=outcome)
    answer = log_in(client, people["moderator"]).post(
        f"/alerts/{alert.pk}/close", {"outcome": outcome}
    )
    assert answer.status_code == 422
    assert Alert.objects.get().closed_at is None


def test_the_queue_shows_the_most_urgent_first_with_the_facts(room, people, client):
    raised(room, title="Later", severity=1)
    raised(room, title="Undecided", severity=3, source="a")
    raised(
        room,
        title="Decide",
        severity=3,
        source="b",
        decide_by=timezone.now() - dt.timedelta(minutes=1),
    )
    page = log_in(client, people["moderator"]).get("/queue")
    (group,) = page.context["groups"]
    assert [alert.title for alert in group.rows] == ["Decide", "Undecided", "Later"]
    text = page.content.decode().partition('id="queue"')[2]
    assert "“free coins”" in text
    assert "decision overdue since" in text
    assert text.index("Decide") < text.index("Later")


def test_a_button_closes_an_alert_and_says_so(room, people, client):
    alert = raised(room)
    client = log_in(client, people["moderator"])
    address = f"/alerts/{alert.pk}/close"
    answer = client.post(
        address, {"outcome": "dismissed", "note": "a joke"}, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 204
    assert "alerts" in answer["HX-Trigger"]
    assert client.post(address, {"outcome": "handled"}).status_code == 409
    page = client.get("/queue")
    assert page.context["groups"] == []
    assert "a joke" in page.content.decode()


def test_who_may_not_close_sees_no_button(room, people, client):
    alert = raised(room)
    page = log_in(client, people["auditor"]).get("/queue").content.decode()
    assert "Look here" in page
    assert f"/alerts/{alert.pk}/close" not in page


def test_the_mark_beside_the_link_counts_what_is_open(room, people, client):
    client = log_in(client, people["moderator"])
    assert "hidden" in client.get("/queue/count").content.decode()
    raised(room)
    raised(room, source="b", severity=3)
    mark = client.get("/queue/count").content.decode()
    assert ">2<" in mark
    assert "count--urgent" in mark


def test_the_list_and_the_room_page_show_a_rooms_alerts(room, people, client):
    raised(room)
    raised(room, account="b")
    quiet = make_room("quiet")
    client = log_in(client, people["moderator"])
    for address in ("/", f"/rooms/{room.pk}", f"/rooms/{room.pk}/acts"):
        page = client.get(address).content.decode()
        assert page.count("acts__line--alert") == 1
        assert "+1" in page
    assert "acts__line--alert" not in client.get(f"/rooms/{quiet.pk}").content.decode()


def test_screens_hear_of_every_change(
    room, people, monkeypatch, django_capture_on_commit_callbacks
):
    told = []
    monkeypatch.setattr(push, "publish_alert", told.append)
    with django_capture_on_commit_callbacks(execute=True):
        alert = raised(room)
        raised(room)
        alerts.close(by=people["moderator"], alert=alert, outcome="handled")
    assert told == [room.pk] * 3


def test_an_alert_of_a_broadcast_whose_end_was_not_told_is_closed_by_the_sweep(room):
    over = make_room("over", ended_at=timezone.now())
    raised(over)
    raised(room)
    recovery.sweep()
    assert list(Alert.objects.filter(closed_at=None).values_list("room", flat=True)) == [room.pk]
