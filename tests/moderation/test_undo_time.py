"""The person's own time to take an act back: chosen in the account, bounded by the installation,
decided by the server.
"""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from moderation.actions import queries
from moderation.models import Action, AuditEntry
from moderation.staff import accounts as staff
from moderation.values import undo_time
from monitor.personal import preferences
from tests.moderation import acting
from tests.support.factories import log_in

pytestmark = pytest.mark.django_db


def choose(client, person, seconds):
    return log_in(client, person).post(
        "/preferences", {"undo_seconds": seconds, "single_keys": "on"}
    )


def ended(by, room, policy):
    action = acting.end_stream(by=by, room=room, policy=policy, key=uuid.uuid4())
    return (action.due_at - action.requested_at).total_seconds()


def test_an_end_waits_for_the_persons_own_time(client, people, room, policy, settings):
    settings.END_GRACE_SECONDS = 3.0
    person = people["moderator"]
    assert choose(client, person, "20").status_code == 302
    person.staff.refresh_from_db()
    assert ended(person, room, policy) == pytest.approx(20, abs=1)
    entry = AuditEntry.objects.get(verb="undo_time")
    assert (entry.actor, entry.before, entry.after) == (
        "moderator",
        {"undo_seconds": None},
        {"undo_seconds": 20},
    )
    assert 'data-undo-seconds="20"' in client.get("/").content.decode()
    assert '<option value="20" selected>' in client.get("/preferences").content.decode()


def test_others_and_rules_have_the_installations(client, people, room, policy, settings):
    settings.END_GRACE_SECONDS = 3.0
    choose(client, people["moderator"], "20")
    for by in (people["banadmin"], "system:words"):
        assert undo_time.grace_of(by) == 3.0
    assert ended(people["banadmin"], room, policy) == pytest.approx(3, abs=1)


@pytest.mark.parametrize(
    ("least", "most", "offered"),
    [(3, 20, [5, 10, 20]), (0, 10, [3, 5, 10]), (5, 5, []), (30, 20, [])],
)
def test_only_what_the_installation_allows_is_offered_and_taken(
    least, most, offered, client, people, settings
):
    settings.END_GRACE_SECONDS, settings.END_GRACE_MOST_SECONDS = least, most
    assert undo_time.choices() == offered
    for seconds in (1, 3, 5, 10, 20, 60):
        wanted = 302 if seconds in offered else 422
        assert choose(client, people["moderator"], str(seconds)).status_code == wanted


@pytest.mark.parametrize(
    ("least", "most", "grace"), [(3, 20, 10), (3, 5, 5), (15, 20, 15), (30, 20, 30)]
)
def test_a_bound_that_was_set_later_holds_at_once(least, most, grace, people, settings):
    person = people["moderator"]
    staff.choose_undo_time(person=person, seconds=10)
    person.staff.refresh_from_db()
    settings.END_GRACE_SECONDS, settings.END_GRACE_MOST_SECONDS = least, most
    assert undo_time.grace_of(person) == grace


def test_undo_of_what_is_done_is_offered_for_as_long(people, room, policy):
    person = people["moderator"]
    act = acting.member_act(
        by=person, verb="mute", room=room, account="troll", policy=policy, seconds=60
    )
    Action.objects.update(status="done", finished_at=timezone.now() - dt.timedelta(seconds=15))
    assert [line.offers_undo for line in queries.latest_actions([room.pk])[room.pk]] == [False]
    staff.choose_undo_time(person=person, seconds=20)
    assert [line.offers_undo for line in queries.latest_actions([room.pk])[room.pk]] == [True]
    assert act.verb == "mute"


def test_saving_the_rest_leaves_no_entry_and_back_to_the_console_is_one(client, people):
    choose(client, people["moderator"], "")
    assert not AuditEntry.objects.filter(verb="undo_time").exists()
    choose(client, people["moderator"], "10")
    choose(client, people["moderator"], "")
    assert AuditEntry.objects.filter(verb="undo_time").count() == 2
    assert preferences.of(people["moderator"]) is not None
