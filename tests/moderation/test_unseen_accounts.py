"""What people paste as accounts: read, previewed, and asked about once more when nobody has seen
them here.
"""

import pytest
from django.core.exceptions import ValidationError

from liveapi import LiveApiError
from liveapi.accounts import AccountCheck
from moderation.actions import preconditions
from moderation.bans import registry
from moderation.core import known_accounts
from moderation.core.errors import Refused
from moderation.models import Action, Ban
from rooms.models import ChatLine
from tests.moderation import acting
from tests.support.factories import filled, log_in, make_room

pytestmark = pytest.mark.django_db
LINES = "troll_a\r\ntroll_b\r\ntroll_c\r\n"
EXPORTED = '\ufeff#account,#severity,#comment\r\n"troll_a",suspend,"raid, 28 Nov"\r\n"troll_b",suspend,\r\n'


@pytest.fixture
def banadmin(client, people, service):
    service.answers["account_check"] = ()
    return log_in(client, people["banadmin"])


def ban(client, account, **more):
    return client.post("/bans/new", filled(account=account, seconds="86400") | more)


@pytest.mark.parametrize(
    "pasted",
    ["mallory\u200b", "\ufeffmallory", "\u00a0mallory ", "\u2068mallory\u2069", "mallory\r\n"],
    ids=ascii,
)
def test_what_pasting_adds_is_taken_off_and_the_real_account_is_banned(pasted, banadmin):
    room = make_room("own", owner_account="mallory")
    assert ban(banadmin, pasted).status_code == 302
    assert Ban.objects.get().account == room.owner_account == "mallory"


@pytest.mark.parametrize(
    "pasted", ["mal\u200blory", "mal\u00a0lory", "two words", "a\x01b", "\u200b"], ids=ascii
)
def test_what_cannot_be_an_account_is_refused_by_page_and_registry(
    pasted, banadmin, people, policy
):
    answer = ban(banadmin, pasted)
    assert answer.status_code == 422
    assert answer.context["form"].errors["account"]
    with pytest.raises(Refused) as refusal:
        registry.place(by=people["banadmin"], account=pasted, policy=policy, until=None)
    assert refusal.value.status == 422
    assert not Ban.objects.exists()


def test_an_account_with_invisible_characters_can_be_banned_where_it_is_shown(banadmin):
    make_room("own", owner_account="mal\u200blory")
    assert ban(banadmin, "mal\u200blory").status_code == 302
    assert Ban.objects.get().account == "mal\u200blory"


@pytest.mark.parametrize(
    ("pasted", "accounts"),
    [
        (LINES, ["troll_a", "troll_b", "troll_c"]),
        (EXPORTED, ["troll_a", "troll_b"]),
        ("troll_a, troll_b", ["troll_a", "troll_b"]),
        ("troll_a\ttroll_b", ["troll_a", "troll_b"]),
    ],
)
def test_several_accounts_are_several_bans_after_one_yes_to_their_preview(
    pasted, accounts, banadmin
):
    preview = ban(banadmin, pasted)
    assert preview.status_code == 200
    assert [one.account for one in preview.context["named"]] == accounts
    assert "<dt>Until</dt>" in preview.content.decode(), "for how long is seen before it is ordered"
    assert not Ban.objects.exists()
    shown = filled(account=pasted, seconds="86400", sure="\r\n".join(accounts))
    for _twice in range(2):
        assert banadmin.post("/bans/new", shown)["Location"] == "/bans"
    assert sorted(Ban.objects.values_list("account", flat=True)) == accounts


def test_a_yes_to_other_accounts_is_none(banadmin):
    assert ban(banadmin, LINES, sure="troll_a\ntroll_b").status_code == 200
    assert ban(banadmin, "typo", sure="other").status_code == 200
    assert not Ban.objects.exists()


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ((AccountCheck("typo", False, 0),), "does not know it"),
        ((AccountCheck("typo", True, 0),), "the vendor knows it"),
        (LiveApiError("slow", kind="network"), "did not say"),
        ((), "did not say"),
    ],
)
def test_an_account_nobody_has_seen_needs_a_second_yes(told, words, banadmin, service):
    service.answers["account_check"] = told
    preview = ban(banadmin, "typo")
    assert words in preview.content.decode()
    assert not Ban.objects.exists()
    assert ban(banadmin, "typo", sure="typo").status_code == 302
    assert Ban.objects.get().account == "typo"


def test_an_account_that_was_seen_is_banned_at_once_and_the_vendor_is_not_asked(
    banadmin, service, policy
):
    room = make_room("own", owner_account="host")
    ChatLine.objects.create(room=room, at_ms=1, message_id="1", account="talker", text="hi")
    Action.objects.create(
        verb="mute",
        room=room,
        account="muted",
        policy=policy,
        by_name="x",
        due_at=room.first_seen_at,
        give_up_at=room.first_seen_at,
    )
    for account in ("host", "talker", "muted"):
        assert ban(banadmin, account).status_code == 302
    assert service.count("account_check") == 0
    assert known_accounts.known(["host", "talker", "muted", "nobody"]) == [
        "host",
        "talker",
        "muted",
    ]


def test_a_refused_form_of_a_page_has_no_dialog_to_open_a_second_copy_in(banadmin):
    assert 'hx-post="/bans/new"' not in ban(banadmin, "two words").content.decode()
    dialog = banadmin.get("/bans/new", headers={"HX-Request": "true"})
    assert 'hx-target="#dialog"' in dialog.content.decode()


@pytest.mark.parametrize("verb", ["room_unban", "unmute"])
def test_nobody_takes_back_in_a_room_what_a_platform_ban_does(verb, people, policy, room):
    Ban.objects.create(account="troll", policy=policy, by_name="x")
    with pytest.raises(Refused, match="Lift that ban"):
        acting.member_act(
            by=people["moderator"], verb=verb, room=room, account="troll", policy=policy
        )
    assert (
        acting.member_act(
            by=people["moderator"], verb=verb, room=room, account="other", policy=policy
        ).verb
        == verb
    )


def test_a_banned_hosts_room_is_not_released(people, policy, room):
    Ban.objects.create(account=room.owner_account, policy=policy, by_name="x")
    with pytest.raises(Refused, match="Lift that ban"):
        preconditions.may_change("release", room)


@pytest.mark.parametrize("page", ["audience", "changes"])
def test_of_a_room_that_is_over_nobody_says_that_the_vendor_did_not_answer(
    page, client, people, room, service
):
    gone = LiveApiError("gone", kind="vendor", code=100004)
    service.answers |= {"get_member_list": gone, "get_room_info": gone}
    told = log_in(client, people["supervisor"]).get(f"/rooms/{room.pk}/{page}").content.decode()
    assert "This broadcast has ended." in told
    assert "did not answer" not in told


@pytest.mark.parametrize("path", ["room_ban", "admins", "plan"])
def test_every_form_that_takes_an_account_reads_it_alike(path, client, people, service, room):
    from moderation.actions.forms import TimedMemberForm
    from moderation.actions.setting_forms import AdminsForm
    from moderation.provisioning.forms import PlanForm

    form_of = {"room_ban": TimedMemberForm, "admins": AdminsForm, "plan": PlanForm}[path]
    name = "owner_account" if path == "plan" else "account"
    field = form_of.base_fields[name]
    assert field.clean("\ufeffa\u0308nna\u200b\r\n") == "\u00e4nna"
    with pytest.raises(ValidationError, match="U\\+200B"):
        field.clean("an\u200bna")
    make_room("odd", owner_account="an\u200bna")
    assert field.clean("an\u200bna") == "an\u200bna"
