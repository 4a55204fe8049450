"""Streaming by OBS: the robot gets its seat, the key is shown once and kept nowhere, and can be
taken back.
"""

import json
import logging

import pytest
from django.urls import reverse

from liveapi import LiveApiError, usersig
from liveapi.messages import Seat
from moderation.core.errors import Refused
from moderation.models import Action, AuditEntry
from rooms.infra import vendor
from tests.moderation import acting
from tests.moderation.changing import LOST, run
from tests.support.factories import log_in, make_room
from tests.support.vendor import GONE

pytestmark = pytest.mark.django_db
ROBOT = "live_obs_anna"


def seats(*accounts):
    return tuple(Seat(index, account, False, None, None) for index, account in enumerate(accounts))


@pytest.fixture
def room(db):
    return make_room("live_1", owner_account="anna")


@pytest.fixture(autouse=True)
def configured(settings, monkeypatch, service):
    settings.LIVE_SDKAPPID, settings.LIVE_SECRET_KEY = 1400000000, "a-secret-key-of-these-tests"
    service.answers["get_seat_list"] = seats("anna", "", "")
    assert vendor.config().sdkappid == 1400000000


def sent(service):
    return [(name, body) for name, body in service.calls if not name.startswith("get_")]


def test_a_robot_is_imported_brought_in_and_put_on_the_first_free_seat(change, service, room):
    act = change("obs_key", by="supervisor")
    assert (act.status, act.account) == ("done", ROBOT)
    assert sent(service) == [
        ("account_import", {"UserID": ROBOT, "Nick": "OBS", "FaceUrl": ""}),
        ("add_robot", {"RoomId": "live_1", "RobotList_Account": [ROBOT]}),
        ("pick_user_on_seat", {"RoomId": "live_1", "Member_Account": ROBOT, "Index": 1}),
    ]


def test_a_lost_answer_is_read_back_on_the_seats(change, service):
    service.answers["pick_user_on_seat"] = LOST
    act = change("obs_key", by="supervisor")
    assert act.status == "unknown"
    service.answers["get_seat_list"] = seats("anna", ROBOT)
    assert (run(act).status, service.count("pick_user_on_seat")) == ("done", 1)


@pytest.mark.parametrize("code", [100200, 100201, 100205, 100210])
def test_a_seat_that_was_taken_meanwhile_is_another_one_the_next_time(code, change, service):
    service.answers["pick_user_on_seat"] = [LiveApiError("taken", kind="vendor", code=code), None]
    act = change("obs_key", by="supervisor")
    assert act.status == "requested"
    service.answers["get_seat_list"] = seats("anna", "guest", "")
    assert run(act).status == "done"
    assert sent(service)[-1][1]["Index"] == 2


def test_a_room_without_a_free_seat_and_ids_that_cannot_stand_in_a_key_are_told(
    change, service, people, policy
):
    service.answers["get_seat_list"] = (*seats("anna", "guest"), Seat(2, "", True, None, None))
    act = change("obs_key", by="supervisor")
    assert act.status == "failed"
    assert "no seat is free" in act.vendor_text
    for room in (
        make_room("room-with-dashes", owner_account="anna"),
        make_room("r", owner_account="a" * 24),
    ):
        with pytest.raises(Refused) as refusal:
            acting.change_room(by=people["supervisor"], verb="obs_key", room=room, policy=policy)
        assert refusal.value.status == 422


def show(client, act):
    return client.post(reverse("stream-key", args=[act.pk]), headers={"HX-Request": "true"})


def test_the_key_is_shown_once_and_is_in_nothing_that_is_kept(
    change, client, people, room, settings, caplog
):
    caplog.set_level(logging.DEBUG)
    act = change("obs_key", by="supervisor")
    log_in(client, people["supervisor"])
    answer = show(client, act)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    key = page.split('id="obs-key"')[1].split('value="')[1].split('"')[0].replace("&amp;", "&")
    assert key.startswith("live_1?sdkappid=1400000000&userid=live_obs_anna&usersig=")
    signature = key.rpartition("=")[2]
    signed = usersig.decode(signature)
    assert (signed["TLS.identifier"], signed["TLS.expire"]) == (
        ROBOT,
        settings.STREAM_KEY_HOURS * 3600,
    )

    assert show(client, act).status_code == 409
    assert show(client, act).content.decode().count("usersig") == 0
    pages = [reverse("room-changes", args=[room.pk]), reverse("timeline", args=[room.pk]), "/audit"]
    rows = [list(table.objects.values()) for table in (Action, AuditEntry)]
    kept = (
        json.dumps(rows, default=str)
        + caplog.text
        + "".join(client.get(url).content.decode() for url in pages)
    )
    kept += "".join(f"{name}: {value}" for name, value in answer.items())
    for start in range(0, len(signature) - 24, 24):
        assert signature[start : start + 24] not in kept
    entry = AuditEntry.objects.get(verb="show_stream_key")
    assert (entry.actor, entry.after["shown_to"], entry.account) == (
        "supervisor",
        "supervisor",
        ROBOT,
    )


def test_the_key_can_be_taken_back_and_another_be_made(change, client, people, service, room):
    act = change("obs_key", by="supervisor")
    with pytest.raises(Refused, match="Revoke it first"):
        change("obs_key", by="supervisor")
    service.answers["kick_user_off_seat"] = LiveApiError("on none", kind="vendor", code=100206)
    back = change("obs_revoke", by="supervisor")
    assert back.status == "done"
    assert [name for name, _ in sent(service)][-3:] == ["kick", "kick_user_off_seat", "del_robot"]
    assert show(log_in(client, people["supervisor"]), act).status_code == 409
    service.answers["get_seat_list"] = seats("anna", "")
    assert show(client, change("obs_key", by="supervisor")).status_code == 200


def test_a_key_is_taken_back_also_after_the_broadcast_is_over(change, service, room):
    change("obs_key", by="supervisor")
    service.answers["get_room_info"] = lambda _room_id: GONE
    room.ended_at = room.first_seen_at
    room.save()
    assert change("obs_revoke", by="supervisor").status == "done"
    assert [name for name, _ in sent(service)][3:] == ["kick"]


def test_a_taking_back_whose_answer_was_lost_is_repeated(change, service):
    change("obs_key", by="supervisor")
    service.answers["kick"] = [LOST, None]
    act = change("obs_revoke", by="supervisor")
    assert act.status == "unknown"
    assert run(act).status == "done"
    assert service.count("kick") == 2


def test_no_key_is_shown_of_an_act_that_failed_or_is_still_open(
    people, room, policy, client, service
):
    log_in(client, people["supervisor"])
    act = acting.change_room(by=people["supervisor"], verb="obs_key", room=room, policy=policy)
    assert show(client, act).status_code == 409
    service.answers["add_robot"] = LiveApiError("no", kind="vendor", code=100006)
    assert run(act).status == "failed"
    assert show(client, act).status_code == 409


def test_an_act_of_another_kind_has_no_key(client, people, change, facts, room):
    service_act = change("hide")
    log_in(client, people["supervisor"])
    assert show(client, service_act).status_code == 404


def test_the_panel_offers_the_stream_key_to_those_who_may(change, client, people, room):
    url = reverse("room-changes", args=[room.pk])
    assert "Create stream key" in log_in(client, people["supervisor"]).get(url).content.decode()
    act = change("obs_key", by="supervisor")
    page = client.get(url).content.decode()
    assert reverse("stream-key", args=[act.pk]) in page and "Revoke key" in page
    show(client, act)
    page = client.get(url).content.decode()
    assert "shown to supervisor" in page and reverse("stream-key", args=[act.pk]) not in page
