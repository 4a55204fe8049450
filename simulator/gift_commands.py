"""Commands about gifts: the catalogue, what one sender gave, and giving."""

from simulator import bodies
from simulator.bodies import Body
from simulator.refusal import Refusal
from simulator.world import World

# GiftId: (name, coins, category)
GIFTS = {
    "rose": ("Rose", 1, "small"), "heart": ("Finger heart", 5, "small"), "coffee": ("Coffee", 10, "small"),
    "star": ("Star", 50, "big"), "crown": ("Crown", 199, "big"), "rocket": ("Rocket", 500, "big"),
    "castle": ("Castle", 5000, "legend"), "universe": ("Universe", 34_999, "legend"),
}  # fmt: skip
CATEGORIES = {"small": "Small joys", "big": "Big moments", "legend": "Legendary"}
# Translations, (id, language) -> name. What is not translated is told by its own name.
TRANSLATED = {
    ("rose", "ja"): "バラ", ("rose", "zh"): "玫瑰", ("rocket", "ja"): "ロケット", ("rocket", "zh"): "火箭",
    ("legend", "ja"): "伝説", ("legend", "zh"): "传奇",
}  # fmt: skip
MOST_RECEIVERS = 20
MOST_GIFTS = 100_000


def languages(of: str, prefix: str = "") -> list[Body]:
    return [
        {f"{prefix}Name": name, f"{prefix}Desc": "", "Language": language}
        for (item, language), name in TRANSLATED.items()
        if item == of
    ]


def shown(world: World, gift_id: str) -> Body:
    name, coins, _ = GIFTS[gift_id]
    return {
        "GiftId": gift_id, "Name": name, "Desc": "", "IconUrl": f"{world.address}/avatars/{coins % 97}.svg",
        "ResourceUrl": "", "Coins": coins, "Level": len(str(coins)), "CreateTime": 1_700_000_000,
        "LanguageList": languages(gift_id),
    }  # fmt: skip


def category(category_id: str) -> Body:
    return {
        "CategoryId": category_id, "CategoryName": CATEGORIES[category_id], "CategoryDesc": "",
        "GiftIdList": [gift for gift, (_, _, inside) in GIFTS.items() if inside == category_id],
        "LanguageList": languages(category_id, "Category"),
    }  # fmt: skip


def get_gift_info_list(world: World, body: Body) -> Body:
    return {
        "GiftList": [shown(world, gift) for gift in GIFTS],
        "CategoryList": [category(category_id) for category_id in CATEGORIES],
        "TotalCount": len(GIFTS),
    }


def known(body: Body) -> str:
    """A GiftId of the catalogue; Refusal 102002 for another."""
    gift_id = bodies.text(body, "GiftId")
    if gift_id not in GIFTS:
        raise Refusal(102002, "the gift id is unknown")
    return gift_id


def known_category(body: Body) -> str:
    """A CategoryId of the catalogue; Refusal 100002 for another, no page names a code."""
    category_id = bodies.text(body, "CategoryId")
    if category_id not in CATEGORIES:
        raise Refusal(100002, "the category id is unknown")
    return category_id


def get_gift(world: World, body: Body) -> Body:
    return shown(world, known(body))


def get_gift_language(world: World, body: Body) -> Body:
    gift_id = known(body)
    name = TRANSLATED.get((gift_id, bodies.text(body, "Language")), GIFTS[gift_id][0])
    return {"Language": {"Name": name, "Desc": ""}}


def get_gift_category(world: World, body: Body) -> Body:
    return category(known_category(body))


def get_gift_category_language(world: World, body: Body) -> Body:
    category_id = known_category(body)
    name = TRANSLATED.get((category_id, bodies.text(body, "Language")), CATEGORIES[category_id])
    return {"Language": {"CategoryName": name, "CategoryDesc": ""}}


def send_gift(world: World, body: Body) -> None:
    room, giver = world.room(body.get("RoomId")), bodies.account(body, "From_Account")
    coins, count = GIFTS[known(body)][1], bodies.number(body, "Count", least=1, most=MOST_GIFTS)
    receivers = bodies.accounts(body, "ReceiverList_Account", MOST_RECEIVERS)
    world.people.require(giver)
    if not room.info["IsGiftEnabled"]:
        raise Refusal(102008, "gifts are switched off in this room")
    count *= len(receivers)
    room.extra_gifts += count
    room.extra_coins += count * coins
    number, total = room.givers.get(giver, (0, 0))
    room.givers[giver] = number + count, total + count * coins


def get_gift_count(world: World, body: Body) -> Body:
    room, giver = world.room(body.get("RoomId")), bodies.account(body, "From_Account")
    number, coins = room.givers.get(giver, (0, 0))
    senders = room.statistics(world.clock.now())["TotalUniqueGiftSenders"]
    return {
        "Sequence": room.extra_gifts,
        "TotalCount": number,
        "TotalCoins": coins,
        "GiftSenderCount": senders,
    }
