"""Gifts: the catalogue, giving, what one sender gave."""

import pytest

GIFT = {
    "From_Account": "viewer_1",
    "GiftId": "rocket",
    "Count": 2,
    "ReceiverList_Account": ["host_1001"],
}


async def test_the_catalogue_has_gifts_with_prices_in_categories_and_languages(vendor):
    listed = await vendor.get("get_gift_info_list")
    gift = next(gift for gift in listed["GiftList"] if gift["GiftId"] == "rose")
    assert listed["TotalCount"] == len(listed["GiftList"]) > 5
    assert (
        gift["Coins"] == 1
        and {"Name": "バラ", "Desc": "", "Language": "ja"} in gift["LanguageList"]
    )
    assert await vendor.get("get_gift", {"GiftId": "rose"}) == gift
    in_categories = [gift for category in listed["CategoryList"] for gift in category["GiftIdList"]]
    assert sorted(in_categories) == sorted(gift["GiftId"] for gift in listed["GiftList"])
    category = await vendor.get("get_gift_category", {"CategoryId": "legend"})
    assert category in listed["CategoryList"]


@pytest.mark.parametrize(
    ("command", "body", "language"),
    [
        ("get_gift_language", {"GiftId": "rose", "Language": "zh"}, {"Name": "玫瑰", "Desc": ""}),
        ("get_gift_language", {"GiftId": "rose", "Language": "fi"}, {"Name": "Rose", "Desc": ""}),
        (
            "get_gift_category_language",
            {"CategoryId": "legend", "Language": "ja"},
            {"CategoryName": "伝説", "CategoryDesc": ""},
        ),
    ],
)
async def test_what_is_not_translated_is_told_by_its_own_name(vendor, command, body, language):
    assert await vendor.get(command, body) == {"Language": language}


async def test_a_gift_sent_is_in_the_totals_of_its_sender_and_of_the_room(vendor):
    before = await vendor.in_room("get_room_stats")
    await vendor.in_room("send_gift", **GIFT)
    after = await vendor.in_room("get_room_stats")
    counted = await vendor.in_room("get_gift_count", From_Account="viewer_1")
    assert after["TotalGiftCoins"] - before["TotalGiftCoins"] == 1000
    assert after["TotalGiftsSent"] - before["TotalGiftsSent"] == 2
    assert (counted["TotalCount"], counted["TotalCoins"]) == (2, 1000)
    assert set(counted) == {"Sequence", "TotalCount", "TotalCoins", "GiftSenderCount"}
    nothing = await vendor.in_room("get_gift_count", From_Account="viewer_2")
    assert (nothing["TotalCount"], nothing["TotalCoins"]) == (0, 0)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"RoomId": "none such"}, 100004),
        ({"GiftId": "yacht"}, 102002),
        ({"GiftId": None}, 100002),
        ({"Count": 0}, 100002),
        ({"From_Account": "nobody"}, 70107),
        ({"From_Account": 5}, 60015),
        ({"ReceiverList_Account": []}, 100002),
    ],
)
async def test_a_gift_is_refused_for_a_reason(vendor, changed, code):
    assert await vendor.code("send_gift", {"RoomId": vendor.room.room_id} | GIFT | changed) == code


async def test_no_gift_is_taken_where_gifts_are_off(vendor):
    room = {"RoomId": vendor.room.room_id}
    await vendor.get("update_room_info", {"RoomInfo": room | {"IsGiftEnabled": False}})
    assert await vendor.code("send_gift", room | GIFT) == 102008


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("get_gift", {"GiftId": "yacht"}, 102002),
        ("get_gift_language", {"GiftId": "rose"}, 100002),
        ("get_gift_category", {"CategoryId": "yachts"}, 100002),
        ("get_gift_category_language", {"CategoryId": "legend"}, 100002),
        ("get_gift_count", {"RoomId": "none such", "From_Account": "viewer_1"}, 100004),
    ],
)
async def test_a_reading_of_gifts_is_refused_for_a_reason(vendor, command, body, code):
    assert await vendor.code(command, body) == code


# --- Changing the catalogue -----------------------------------------------------------------------

YACHT = {
    "GiftId": "yacht",
    "DefaultName": "Yacht",
    "DefaultDesc": "White",
    "IconUrl": "http://i/y.png",
    "ResourceUrl": "http://r/y.mp4",
    "Coins": 900,
    "Level": 3,
    "ExtensionInfo": "{}",
}


async def test_a_gift_is_added_edited_given_and_deleted(vendor):
    await vendor.get("add_gift", YACHT)
    gift = await vendor.get("get_gift", {"GiftId": "yacht"})
    assert (gift["Name"], gift["Desc"], gift["Coins"], gift["Level"]) == ("Yacht", "White", 900, 3)
    assert (gift["IconUrl"], gift["ResourceUrl"], gift["LanguageList"]) == (
        "http://i/y.png",
        "http://r/y.mp4",
        [],
    )
    assert await vendor.code("add_gift", YACHT) == 100002
    await vendor.get("edit_gift", {"GiftId": "yacht", "Coins": 1000})
    assert (await vendor.get("get_gift", {"GiftId": "yacht"})) == gift | {"Coins": 1000}
    await vendor.in_room("send_gift", **GIFT | {"GiftId": "yacht", "Count": 1})
    counted = await vendor.in_room("get_gift_count", From_Account="viewer_1")
    assert counted["TotalCoins"] == 1000
    await vendor.get("del_gift", {"GiftId": "yacht"})
    assert await vendor.code_in_room("send_gift", **GIFT | {"GiftId": "yacht"}) == 102002
    assert "yacht" not in {
        gift["GiftId"] for gift in (await vendor.get("get_gift_info_list"))["GiftList"]
    }


async def test_what_is_refused_of_an_edit_changes_nothing(vendor):
    before = await vendor.get("get_gift", {"GiftId": "rose"})
    wrong = {"GiftId": "rose", "Coins": 7, "DefaultName": "Tulip", "IconUrl": 5}
    assert await vendor.code("edit_gift", wrong) == 100002
    assert await vendor.get("get_gift", {"GiftId": "rose"}) == before


async def test_a_category_is_added_filled_emptied_edited_and_deleted(vendor):
    await vendor.get(
        "add_gift_category", {"CategoryId": "new", "DefaultName": "New", "DefaultDesc": "This week"}
    )
    asked = {"CategoryId": "new"}
    empty = {
        "CategoryId": "new",
        "CategoryName": "New",
        "CategoryDesc": "This week",
        "GiftIdList": [],
        "LanguageList": [],
    }
    assert await vendor.get("get_gift_category", asked) == empty
    await vendor.get("add_gift_category_relations", asked | {"GiftIdList": ["rose", "crown"]})
    await vendor.get("add_gift_category_relations", asked | {"GiftIdList": ["crown", "star"]})
    filled = await vendor.get("get_gift_category", asked)
    assert filled["GiftIdList"] == ["rose", "crown", "star"]
    await vendor.get("del_gift_category_relations", asked | {"GiftIdList": ["crown", "heart"]})
    await vendor.get("edit_gift_category", asked | {"DefaultName": "Newest"})
    edited = await vendor.get("get_gift_category", asked)
    assert edited == empty | {"CategoryName": "Newest", "GiftIdList": ["rose", "star"]}
    await vendor.get("del_gift_category", asked)
    assert await vendor.code("get_gift_category", asked) == 100002
    assert (await vendor.get("get_gift", {"GiftId": "rose"}))["Coins"] == 1


async def test_a_deleted_gift_is_in_no_category(vendor):
    await vendor.get("del_gift", {"GiftId": "castle"})
    assert (await vendor.get("get_gift_category", {"CategoryId": "legend"}))["GiftIdList"] == [
        "universe"
    ]


@pytest.mark.parametrize(
    ("of", "prefix"),
    [({"GiftId": "star"}, ""), ({"CategoryId": "big"}, "Category")],
    ids=["gift", "category"],
)
async def test_a_language_is_set_told_and_deleted(of, prefix, vendor):
    stem = f"gift_{'category_' if prefix else ''}language"
    in_finnish = of | {"Language": "fi"}
    await vendor.get(
        f"set_{stem}", in_finnish | {f"{prefix}Name": "Tähti", f"{prefix}Desc": "Kirkas"}
    )
    told = {f"{prefix}Name": "Tähti", f"{prefix}Desc": "Kirkas"}
    assert await vendor.get(f"get_{stem}", in_finnish) == {"Language": told}
    read = await vendor.get("get_gift_category" if prefix else "get_gift", of)
    assert told | {"Language": "fi"} in read["LanguageList"]
    await vendor.get(f"del_{stem}", in_finnish)
    assert (await vendor.get(f"get_{stem}", in_finnish))["Language"] != told


@pytest.mark.parametrize(
    ("command", "body", "code"),
    [
        ("add_gift", {}, 100002),
        ("add_gift", {"GiftId": "x", "Coins": -1}, 100002),
        ("edit_gift", {"GiftId": "yacht"}, 102002),
        ("del_gift", {"GiftId": "yacht"}, 102002),
        ("set_gift_language", {"GiftId": "yacht", "Language": "fi"}, 102002),
        ("set_gift_language", {"GiftId": "rose", "Name": "Ruusu"}, 100002),
        ("del_gift_language", {"GiftId": "yacht", "Language": "fi"}, 102002),
        ("add_gift_category", {"CategoryId": "big"}, 100002),
        ("edit_gift_category", {"CategoryId": "none"}, 100002),
        ("del_gift_category", {"CategoryId": "none"}, 100002),
        ("set_gift_category_language", {"CategoryId": "none", "Language": "fi"}, 100002),
        ("del_gift_category_language", {"CategoryId": "none", "Language": "fi"}, 100002),
        ("add_gift_category_relations", {"CategoryId": "none", "GiftIdList": ["rose"]}, 100002),
        ("add_gift_category_relations", {"CategoryId": "big", "GiftIdList": ["yacht"]}, 102002),
        ("add_gift_category_relations", {"CategoryId": "big", "GiftIdList": []}, 100002),
        ("del_gift_category_relations", {"CategoryId": "big", "GiftIdList": "rose"}, 100002),
    ],
)
async def test_a_change_of_the_catalogue_is_refused_for_a_reason(vendor, command, body, code):
    assert await vendor.code(command, body) == code
