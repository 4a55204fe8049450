"""Changes of a room: read before they are sent, read back after a lost answer, and recorded with
what was before.
"""

import uuid

import pytest
from django.utils import timezone

from liveapi import LiveApiError
from moderation.actions import amendments, presentation
from moderation.core.errors import Refused
from moderation.models import Action, Alert, AuditEntry
from tests.moderation import acting
from tests.moderation.changing import BUSY, LOST, run
from tests.support.vendor import GONE

pytestmark = pytest.mark.django_db
SWITCHES = [
    ("mute_all", "is_message_disabled", True),
    ("unmute_all", "is_message_disabled", False),
    ("publish", "is_public_visible", True),
    ("hide", "is_public_visible", False),
]


@pytest.mark.parametrize(("verb", "field", "value"), SWITCHES)
def test_a_switch_is_set_once_and_told_as_already_so_the_second_time(
    verb, field, value, change, facts
):
    facts.fields[field] = not value
    act = change(verb)
    assert (act.status, facts.fields[field], act.result["before"]) == (
        "done",
        value,
        {field: not value},
    )
    assert change(verb).status == "already"
    assert len(facts.sent) == 1


@pytest.mark.parametrize(
    ("told", "known", "sent"),
    [(True, None, True), (False, True, False), (None, False, False), (None, None, True)],
)
def test_every_update_says_whether_the_room_is_unlimited(told, known, sent, change, facts, room):
    facts.fields["is_unlimited_room_enabled"] = told
    room.is_unlimited_room_enabled = known
    room.save()
    assert change("hide").status == "done"
    assert facts.sent == [
        {"RoomId": room.room_id, "IsPublicVisible": False, "IsUnlimitedRoomEnabled": sent}
    ]


def test_an_edit_sends_the_changed_fields_alone_and_the_record_has_before_and_after(
    change, facts, room
):
    act = change("edit", room_name="New", categories=(1, 2))
    assert facts.sent[0] == {
        "RoomId": room.room_id,
        "RoomName": "New",
        "Category": [1, 2],
        "IsUnlimitedRoomEnabled": False,
    }
    entry = AuditEntry.objects.get(action_id=act.pk, outcome="done")
    assert (entry.before["room_name"], entry.before["categories"]) == ("Old", [])
    assert (entry.after["room_name"], entry.after["categories"]) == ("New", [1, 2])


@pytest.mark.parametrize(
    "arguments",
    [
        {},
        {"room_name": "x" * 101},
        {"cover_url": "x" * 201},
        {"notice": "ü" * 51},
        {"categories": [1, 2, 3, 4]},
        {"take_seat_mode": "Whatever"},
        {"categories": [-1]},
        {"room_name": "\ud800"},
    ],
)
def test_what_breaks_the_vendors_limits_is_refused_before_anything_is_stored(
    arguments, change, service
):
    with pytest.raises(Refused) as refusal:
        change("edit", **arguments)
    assert refusal.value.status == 422
    assert not Action.objects.exists()
    assert service.calls == []


def test_a_lost_answer_is_read_back_and_what_was_before_is_what_the_first_look_saw(change, facts):
    facts.failures = [LOST]
    act = change("edit", room_name="New")
    assert act.status == "unknown"
    run(act)
    assert (act.status, act.result["verified"], act.result["before"]) == (
        "done",
        True,
        {"room_name": "Old"},
    )
    assert len(facts.sent) == 1


def test_a_lost_call_that_had_no_effect_is_sent_again(change, facts):
    facts.failures, facts.arrives = [LOST], False
    act = run(change("edit", room_name="New"))
    assert (act.status, len(facts.sent), facts.fields["room_name"]) == ("done", 2, "New")


def test_what_the_vendor_was_too_busy_for_is_tried_again(change, facts):
    facts.failures = [BUSY]
    act = change("mute_all")
    assert act.status == "requested"
    assert run(act).status == "done"


@pytest.mark.parametrize("standing", ["gone", "replaced"])
def test_nothing_is_changed_in_another_broadcast_than_the_one_it_was_ordered_for(
    standing, change, facts, service, room
):
    if standing == "gone":
        service.answers["get_room_info"] = lambda _room_id: GONE
    else:
        facts.fields["create_time"] += 1000
    act = change("hide")
    assert (act.status, facts.sent) == ("failed", [])
    assert "ended" in act.vendor_text
    with pytest.raises(Refused, match="ended"):
        room.refresh_from_db()
        change("hide")


def test_while_an_edit_is_open_a_different_one_is_refused_and_the_same_one_is_reused(
    people, room, policy
):
    def edit(**arguments):
        return acting.change_room(
            by=people["moderator"], verb="edit", room=room, policy=policy, arguments=arguments
        )

    first = edit(room_name="A", categories=(1,))
    assert edit(room_name="A", categories=[1]).pk == first.pk
    with pytest.raises(Refused, match="by moderator"):
        edit(room_name="B")
    assert Action.objects.count() == 1


def test_a_key_that_comes_with_another_change_is_refused(people, room, policy, facts):
    key = uuid.uuid4()

    def edit(name):
        return acting.change_room(
            by=people["moderator"],
            verb="edit",
            room=room,
            policy=policy,
            key=key,
            arguments={"room_name": name},
        )

    run(edit("A"))
    assert edit("A").status == "done"
    with pytest.raises(Refused, match="form"):
        edit("B")


# --- Quarantine -----------------------------------------------------------------------------------


def test_a_quarantine_hides_mutes_warns_and_asks_for_a_decision(change, facts, room, settings):
    settings.QUARANTINE_SECONDS = 600
    act = change("quarantine")
    assert act.status == "done"
    assert len(facts.sent) == 1
    assert (facts.fields["is_public_visible"], facts.fields["is_message_disabled"]) == (False, True)
    warning = Action.objects.get(verb="warn")
    assert (warning.by_name, warning.policy, warning.text) == (
        "moderator",
        act.policy,
        act.policy.text,
    )
    alert = Alert.objects.get(room=room, closed_at=None)
    assert 590 < (alert.decide_by - timezone.now()).total_seconds() <= 600
    assert (alert.severity, alert.evidence["action"]) == (3, act.pk)


def test_a_quarantine_whose_answer_was_lost_warns_once(change, facts):
    facts.failures = [LOST]
    act = run(change("quarantine"))
    assert act.status == "done"
    run(act)
    assert Action.objects.filter(verb="warn").count() == 1
    assert act.result["before"] == {"is_public_visible": True, "is_message_disabled": False}


@pytest.mark.parametrize("before", [(True, False), (False, False), (True, True), (None, None)])
def test_a_release_puts_back_what_was_before(before, change, facts, room):
    facts.fields["is_public_visible"], facts.fields["is_message_disabled"] = before
    change("quarantine")
    change("release", by="supervisor")
    usual = (True, False) if before == (None, None) else before
    assert (facts.fields["is_public_visible"], facts.fields["is_message_disabled"]) == usual
    alert = Alert.objects.get(room=room)
    assert (alert.outcome, alert.closed_by_name) == ("handled", "supervisor")


def test_undoing_a_quarantine_is_its_release(change, facts, people):
    facts.fields["is_message_disabled"] = True
    act = change("quarantine")
    assert act.offers_undo
    release = run(amendments.undo(by=people["moderator"], action=act))
    assert (release.verb, release.status, release.undoes_id) == ("release", "done", act.pk)
    assert (facts.fields["is_public_visible"], facts.fields["is_message_disabled"]) == (True, True)
    assert amendments.undo(by=people["supervisor"], action=act).pk == release.pk


@pytest.mark.parametrize("verb", ["publish", "unmute_all", "quarantine"])
def test_a_quarantined_room_is_opened_by_its_release_alone(verb, change, facts):
    change("quarantine")
    with pytest.raises(Refused, match="in quarantine, by moderator"):
        change(verb)
    change("release")
    change(verb)


def test_a_room_that_is_in_no_quarantine_is_not_released(change, facts):
    with pytest.raises(Refused, match="not in quarantine"):
        change("release")


@pytest.mark.parametrize(("verb", "opposite"), [("mute_all", "unmute_all"), ("hide", "publish")])
def test_a_switch_is_taken_back_by_its_opposite(verb, opposite, change, facts, people):
    before = dict(facts.fields)
    undone = run(amendments.undo(by=people["moderator"], action=change(verb)))
    assert (undone.verb, undone.status) == (opposite, "done")
    assert facts.fields == before


def test_undoing_something_older_does_not_open_a_quarantined_room(change, facts, people):
    muted = change("mute_all")
    change("quarantine")
    with pytest.raises(Refused, match="in quarantine"):
        amendments.undo(by=people["moderator"], action=muted)


# --- Administrators and metadata ------------------------------------------------------------------


def test_an_administrator_is_added_and_taken_out_and_the_record_has_the_lists(
    change, facts, service
):
    service.answers["get_admin_list"] = ("ann",)
    act = change("admins", operation="add", accounts=["ben"])
    assert (act.status, act.result["before"]) == ("done", {"admins": ["ann"]})
    assert presentation.changed(act) == [("Administrators", "ann", "ann, ben")]
    service.answers["get_admin_list"] = ("ann", "ben")
    assert change("admins", operation="add", accounts=["ben"]).status == "already"
    act = change("admins", operation="delete", accounts=["ann"])
    assert presentation.changed(act) == [("Administrators", "ann, ben", "ben")]
    assert service.calls[-1] == (
        "modify_admin",
        {"RoomId": "room-1", "Admin_Account": ["ann"], "OpType": "delete"},
    )


def test_a_sixth_administrator_is_refused_with_what_to_do(change, facts, service):
    service.answers["get_admin_list"] = tuple("abcde")
    act = change("admins", operation="add", accounts=["f"])
    assert act.status == "failed"
    assert "take one out first" in act.vendor_text
    assert not service.count("modify_admin")


def test_metadata_is_set_changed_and_deleted_and_a_lost_answer_is_read_back(change, facts, service):
    service.answers["get_room_metadata"] = [{"other": "1"}, {"other": "1", "topic": "cats"}]
    service.answers["set_room_metadata"] = LOST
    act = change("metadata", set={"topic": "cats"})
    assert act.status == "unknown"
    run(act)
    assert (act.status, act.result["before"]) == ("done", {"metadata": {"topic": None}})
    assert service.count("set_room_metadata") == 1
    service.answers["get_room_metadata"] = {"other": "1", "topic": "cats"}
    act = change("metadata", delete=["topic"])
    assert (act.status, act.result["before"]) == ("done", {"metadata": {"topic": "cats"}})
    service.answers["get_room_metadata"] = {}
    assert change("metadata", delete=["topic"]).status == "already"


@pytest.mark.parametrize(
    ("held", "value"),
    [
        ({str(n): "" for n in range(10)}, "x"),
        ({str(n): "x" * 2000 for n in range(8)}, "x" * 2048),
    ],
)
def test_metadata_beyond_what_a_room_holds_is_refused_with_what_to_do(
    held, value, change, facts, service
):
    service.answers["get_room_metadata"] = held
    act = change("metadata", set={"new": value})
    assert act.status == "failed"
    assert "delete one first" in act.vendor_text
    assert not service.count("set_room_metadata")


def test_deleting_what_somebody_deleted_meanwhile_is_a_success(change, facts, service):
    service.answers["get_room_metadata"] = {"topic": "cats"}
    service.answers["del_room_metadata"] = LiveApiError("none", kind="vendor", code=100503)
    assert change("metadata", delete=["topic"]).status == "already"


@pytest.mark.parametrize(
    ("verb", "arguments"),
    [
        ("admins", {}),
        ("admins", {"operation": "add", "accounts": []}),
        ("admins", {"operation": "rule", "accounts": ["a"]}),
        ("metadata", {}),
        ("metadata", {"set": {}}),
        ("metadata", {"set": {"k" * 51: ""}}),
        ("metadata", {"set": {"": ""}}),
        ("metadata", {"set": {"k": "x" * 2049}}),
        ("metadata", {"delete": []}),
    ],
)
def test_lists_that_break_the_vendors_limits_are_refused_before_anything_is_stored(
    verb, arguments, change, service
):
    with pytest.raises(Refused) as refusal:
        change(verb, **arguments)
    assert (refusal.value.status, service.calls) == (422, [])


def test_what_was_so_before_is_not_taken_back(change, facts, people):
    facts.fields["is_message_disabled"] = True
    act = change("mute_all")
    assert (act.status, act.offers_undo) == ("already", False)
    with pytest.raises(Refused, match="nothing to undo"):
        amendments.undo(by=people["moderator"], action=act)


@pytest.mark.parametrize("verb", ["quarantine", "release"])
def test_the_same_key_is_the_same_act_also_once_it_is_done(
    verb, change, facts, people, room, policy
):
    if verb == "release":
        change("quarantine")
    key = uuid.uuid4()
    order = {"by": people["moderator"], "verb": verb, "room": room, "policy": policy, "key": key}
    act = run(acting.change_room(**order))
    assert acting.change_room(**order).pk == act.pk


def test_a_room_that_is_about_to_be_quarantined_is_not_listed(people, room, policy):
    acting.change_room(by=people["moderator"], verb="quarantine", room=room, policy=policy)
    with pytest.raises(Refused, match="in quarantine"):
        acting.change_room(by="system:publish-on-start", verb="publish", room=room, policy=policy)


def test_a_failed_listing_is_not_tried_again_in_a_quarantined_room(change, facts, people):
    facts.fields["is_public_visible"] = False
    facts.failures = [LiveApiError("no", kind="vendor", code=100006)]
    act = change("publish")
    assert act.status == "failed"
    change("quarantine")
    with pytest.raises(Refused, match="in quarantine"):
        amendments.retry(by=people["moderator"], action=act, key=uuid.uuid4())
