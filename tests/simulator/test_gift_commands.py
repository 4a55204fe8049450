"""Gifts: the catalogue, giving, what one sender gave."""

import pytest

GIFT = {"From_Account": "viewer_1", "GiftId": "rocket", "Count": 2, "ReceiverList_Account": ["host_1001"]}


async def test_the_catalogue_has_gifts_with_prices_in_categories_and_languages(vendor):
    listed = await vendor.get("get_gift_info_list")
    gift = next(gift for gift in listed["GiftList"] if gift["GiftId"] == "rose")
    assert listed["TotalCount"] == len(listed["GiftList"]) > 5
    assert gift["Coins"] == 1 and {"Name": "バラ", "Desc": "", "Language": "ja"} in gift["LanguageList"]
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
        ("get_gift_category_language", {"CategoryId": "legend", "Language": "ja"},
         {"CategoryName": "伝説", "CategoryDesc": ""}),
    ],
)  # fmt: skip
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
