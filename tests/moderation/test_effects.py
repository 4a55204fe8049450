"""What an act sends to the vendor, and how its effect is read back."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from liveapi.messages import BannedAccount, BannedPage, MutedAccount
from moderation.actions.handlers import members
from moderation.models import Action
from rooms.models import Room
from tests.moderation import acting
from tests.support.vendor import GONE

MINUTE = 60


def test_a_verb_that_nobody_taught_the_worker_sends_nothing():
    action = Action(verb="polish", room=Room(room_id="r"), account="a")

    with pytest.raises(ValueError, match="polish"):
        members.command_of(action)


@pytest.fixture
def act(room, policy, db):
    """act(verb): one that was ordered, about the account troll and for ten minutes where that
    matters.
    """

    def order(verb, **more):
        return Action.objects.create(
            verb=verb,
            room=room,
            account="troll",
            policy=policy,
            by_name="system:test",
            seconds=600,
            due_at=timezone.now(),
            give_up_at=timezone.now(),
            **more,
        )

    return order


@pytest.mark.parametrize(
    ("verb", "command", "body"),
    [
        ("mute", "mute_member", {"MemberList_Account": ["troll"], "MuteTime": 600}),
        ("unmute", "mute_member", {"MemberList_Account": ["troll"], "MuteTime": 0}),
        (
            "room_ban",
            "ban_member",
            {"MemberList_Account": ["troll"], "Duration": 600, "Reason": "violence"},
        ),
        ("room_unban", "unban_member", {"MemberList_Account": ["troll"]}),
    ],
)
def test_each_verb_about_a_member_is_one_command(verb, command, body, act):
    call = members.command_of(act(verb))
    assert (call.command, call.body) == (command, {"RoomId": "room-1"} | body)


def test_a_warning_is_the_message_that_the_vendors_own_manager_sends(act, policy, settings):
    action = act("warn", text="Bitte, keine Flüche 🙏")
    call = members.command_of(action)
    assert (call.command, call.body["RoomId"]) == ("send_custom_msg", "room-1")
    assert (call.body["Sender_Account"], call.body["BusinessId"]) == (
        settings.LIVE_ADMIN,
        "violation_alert",
    )
    assert (
        "Flüche 🙏" in call.body["Data"]
    )  # escaped it would be up to six times as long, and the size is limited
    assert json.loads(call.body["Data"]) == {
        "version": "1.0",
        "messageSource": "live_background",
        "messageType": "violation_alert",
        "content": {
            "violationType": policy.title,
            "violationTime": action.requested_at.isoformat(),
            "violationContent": "Bitte, keine Flüche 🙏",
            "handleSuggestion": policy.text,
        },
    }


@pytest.mark.parametrize(
    ("verb", "told"), [("mute", "get_muted_member_list"), ("room_ban", "get_banned_member_list")]
)
@pytest.mark.parametrize(
    ("lasts", "done"), [(600, True), (540, True), (539, False), (None, True), ("nobody", False)]
)
def test_a_lost_mute_or_ban_is_done_when_it_stands_for_as_long_as_ordered(
    verb, told, lasts, done, act, service
):
    action = act(verb)
    until = 0 if lasts is None else lasts
    if until and lasts != "nobody":
        whole = dt.datetime.fromtimestamp(int(action.requested_at.timestamp()), dt.UTC)
        Action.objects.filter(pk=action.pk).update(requested_at=whole)
        action.refresh_from_db()
        until = int(whole.timestamp()) + lasts
    answer(service, told, [] if lasts == "nobody" else [("troll", until)])
    found = members.read_back(service, action)
    assert (found.status, found.result) == ("done", {"verified": True}) if done else found is None


@pytest.mark.parametrize(
    ("verb", "told"),
    [("unmute", "get_muted_member_list"), ("room_unban", "get_banned_member_list")],
)
@pytest.mark.parametrize("still_there", [True, False])
def test_a_lost_unmute_or_unban_is_done_when_the_account_is_not_listed(
    verb, told, still_there, act, service
):
    answer(service, told, [("troll", 0)] if still_there else [("other", 0)])
    found = members.read_back(service, act(verb))
    assert (found is None) == still_there


def test_a_ban_is_looked_for_on_every_page_in_the_lane_of_acts(service):
    service.answers["get_banned_member_list"] = [
        BannedPage((BannedAccount("one", 5),), 100),
        BannedPage((BannedAccount("two", 6),), 200),
        BannedPage((BannedAccount("three", 7),), 0),
    ]
    assert members.banned_accounts(service, "room-1") == {"one": 5, "two": 6, "three": 7}
    assert [body["Offset"] for _, body in service.calls] == [0, 100, 200]
    assert {body["Limit"] for _, body in service.calls} == {100}
    assert service.lanes == ["act"] * 3


def test_pages_that_do_not_go_on_are_not_asked_for_ever(service):
    service.answers["get_banned_member_list"] = BannedPage((BannedAccount("one", 5),), 100)
    members.banned_accounts(service, "room-1")
    assert service.count("get_banned_member_list") == 2


def test_everything_that_an_act_sends_goes_ahead_of_polling(room, policy, service):
    for verb in ("mute", "room_ban"):
        action = acting.member_act(
            by="system:test", verb=verb, room=room, account="troll", policy=policy, seconds=MINUTE
        )
        members.perform(service, action)
        members.read_back(service, action)
    end = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    members.precheck(service, end)
    assert members.perform(service, end).request_id == "request-1"
    assert set(service.lanes) == {"act"} and len(service.lanes) >= 6


def test_a_room_that_was_gone_already_is_an_end_of_somebody_elses(room, policy, service):
    end = acting.end_stream(by="system:test", room=room, policy=policy, grace=0.0)
    service.answers["destroy_room"] = GONE
    found = members.perform(service, end)
    assert (found.status, found.code, found.result["verified"]) == ("already", 100004, True)


def answer(service, command, rows):
    if command == "get_muted_member_list":
        service.answers[command] = tuple(MutedAccount(*row) for row in rows)
    else:
        service.answers[command] = BannedPage(tuple(BannedAccount(*row) for row in rows), 0)
