"""Accounts: import, look up, delete, profiles, forced logout, global mute, online status."""

import pytest


async def status(vendor, *accounts):
    asked = {"CheckItem": [{"UserID": account} for account in accounts]}
    return [
        row["AccountStatus"] for row in (await vendor.ask("account_check", asked))["ResultItem"]
    ]


async def nick(vendor, account):
    asked = {"To_Account": [account], "TagList": ["Tag_Profile_IM_Nick"]}
    [item] = (await vendor.ask("portrait_get", asked))["UserProfileItem"]
    return item["ProfileItem"][0]["Value"]


async def test_an_imported_account_exists_and_importing_it_again_renews_its_name(vendor):
    assert await status(vendor, "new", "viewer_3", "host_1001") == [
        "NotImported",
        "Imported",
        "Imported",
    ]
    for name in ("First", "Second"):
        assert (
            await vendor.code(
                "account_import", {"UserID": "new", "Nick": name, "FaceUrl": "http://x/y"}
            )
            == 0
        )
        assert await nick(vendor, "new") == name
    assert await status(vendor, "new") == ["Imported"]


@pytest.mark.parametrize(
    "body",
    [{}, {"UserID": ""}, {"UserID": 5}, {"UserID": "x" * 33}, {"UserID": "new", "Nick": "n" * 501}],
)
async def test_an_import_that_breaks_a_limit_is_refused(vendor, body):
    assert await vendor.code("account_import", body) == 70402


async def test_many_are_imported_at_once_and_who_could_not_be_is_named(vendor):
    rows = [{"UserID": "new_1", "Nick": "One"}, {"UserID": "x" * 33}]
    assert (await vendor.ask("multiaccount_import", {"AccountList": rows}))["FailAccounts"] == [
        "x" * 33
    ]
    assert (await vendor.ask("multiaccount_import", {"Accounts": ["new_2"]}))["FailAccounts"] == []
    assert await status(vendor, "new_1", "new_2") == ["Imported", "Imported"]


async def test_a_deleted_account_is_gone_and_cannot_be_imported_for_three_months(vendor):
    rows = [{"UserID": "viewer_3"}, {"UserID": "nobody"}]
    answer = await vendor.ask("account_delete", {"DeleteItem": rows})
    assert [row["ResultCode"] for row in answer["ResultItem"]] == [0, 70107]
    assert await status(vendor, "viewer_3") == ["NotImported"]
    assert await vendor.code("account_import", {"UserID": "viewer_3"}) == 70402
    vendor.step(91 * 86_400)
    assert await vendor.code("account_import", {"UserID": "viewer_3"}) == 0


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("account_check", "CheckItem"),
        ("account_delete", "DeleteItem"),
        ("multiaccount_import", "AccountList"),
        ("portrait_get", "To_Account"),
        ("query_online_status", "To_Account"),
    ],
)
async def test_a_call_takes_one_to_a_hundred_accounts(vendor, command, name):
    ids = name == "To_Account"
    rows = [f"viewer_{k}" if ids else {"UserID": f"viewer_{k}"} for k in range(101)]
    more = {"TagList": []} if command == "portrait_get" else {}
    assert await vendor.code(command, {name: rows} | more) == 70402
    assert await vendor.code(command, {name: []} | more) == 70402
    assert await vendor.code(command, {name: "viewer_1"} | more) == 70402
    assert await vendor.code(command, {name: rows[:100]} | more) == 0


async def test_a_profile_is_set_and_read_by_tag(vendor):
    items = [
        {"Tag": "Tag_Profile_IM_Nick", "Value": "שלום"},
        {"Tag": "Tag_Profile_IM_Role", "Value": 1},
    ]
    assert (
        await vendor.code("portrait_set", {"From_Account": "viewer_3", "ProfileItem": items}) == 0
    )
    tags = ["Tag_Profile_IM_Nick", "Tag_Profile_IM_Role", "Tag_Profile_IM_Image", "Tag_Unknown"]
    asked = {"To_Account": ["viewer_3"], "TagList": tags}
    [item] = (await vendor.ask("portrait_get", asked))["UserProfileItem"]
    values = {field["Tag"]: field["Value"] for field in item["ProfileItem"]}
    assert item["To_Account"] == "viewer_3"
    assert values.pop("Tag_Profile_IM_Image").startswith("http://vendor/avatars/")
    assert values == {"Tag_Profile_IM_Nick": "שלום", "Tag_Profile_IM_Role": 1}


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        (
            "portrait_set",
            {"From_Account": "nobody", "ProfileItem": [{"Tag": "Tag_Profile_IM_Role", "Value": 1}]},
            70107,
        ),
        (
            "portrait_set",
            {"From_Account": "viewer_1", "ProfileItem": [{"Tag": "Tag_Unknown", "Value": 1}]},
            70402,
        ),
        ("portrait_set", {"From_Account": "viewer_1", "ProfileItem": []}, 70402),
        ("portrait_get", {"To_Account": ["viewer_1"]}, 70402),
        ("portrait_get", {"To_Account": ["viewer_1", "nobody"], "TagList": []}, 70107),
        ("kick", {"UserID": "nobody"}, 70107),
        ("kick", {}, 70402),
        ("setnospeaking", {"Set_Account": "nobody", "GroupmsgNospeakingTime": 1}, 70107),
        ("setnospeaking", {"Set_Account": "viewer_1", "GroupmsgNospeakingTime": -1}, 100002),
        ("getnospeaking", {}, 70402),
        ("account_check", {"CheckItem": ["viewer_1"]}, 70402),
    ],
)
async def test_an_account_command_is_refused_for_a_reason(vendor, command, body, code):
    assert await vendor.code(command, body) == code


async def test_a_global_mute_runs_out_and_is_lifted_by_zero(vendor):
    async def left():
        return (await vendor.ask("getnospeaking", {"Get_Account": "viewer_1"}))[
            "GroupmsgNospeakingTime"
        ]

    await vendor.ask("setnospeaking", {"Set_Account": "viewer_1", "GroupmsgNospeakingTime": 60})
    vendor.step(20)
    assert await left() == 40
    await vendor.ask("setnospeaking", {"Set_Account": "viewer_1", "GroupmsgNospeakingTime": 0})
    assert await left() == 0


async def test_who_is_in_a_room_is_online_until_the_login_is_ended(vendor):
    async def online(*accounts):
        answer = await vendor.ask("query_online_status", {"To_Account": list(accounts)})
        return [row["Status"] for row in answer["QueryResult"]]

    members = (await vendor.in_room("get_member_list", Next=""))["MemberList"]
    vendor.world.enter(vendor.room, "guest")
    assert await online(members[-1]["Member_Account"], vendor.room.owner, "guest", "nobody") == [
        "Online",
        "Online",
        "Online",
        "Offline",
    ]
    assert await vendor.code("kick", {"UserID": "guest"}) == 0
    assert await online("guest") == ["Offline"]
    vendor.world.enter(vendor.room, "guest")
    assert await online("guest") == ["Online"]
