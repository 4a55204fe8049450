"""Commands about gifts: giving, what one sender gave, and the catalogue.

Of the catalogue's commands names and fields are known, from the vendor's own manager; of its codes
only 102002 for an unknown gift. Whatever else cannot be is 100002 here, an invalid parameter, and
what an edit leaves out stays.
"""

from collections.abc import Container

from simulator import bodies
from simulator.bodies import Body
from simulator.errors import Refusal
from simulator.world.catalogue import Category, Gift, Named
from simulator.world.world import World

MAX_RECEIVERS = 20
MAX_GIFTS = 100_000
MAX_RELATED = 1000
MAX_TEXT_BYTES = 2000  # bytes; a guard, no page names a size
# Fields of add_gift and edit_gift -> of a Gift.
GIFT_TEXTS = {
    "DefaultName": "name",
    "DefaultDesc": "desc",
    "IconUrl": "icon",
    "ResourceUrl": "resource",
    "ExtensionInfo": "extension",
}
GIFT_NUMBERS = {"Coins": "coins", "Level": "level"}
CATEGORY_TEXTS = {"DefaultName": "name", "DefaultDesc": "desc"}


# --- The catalogue --------------------------------------------------------------------------------


def known(world: World, body: Body) -> str:
    """A GiftId of the catalogue; Refusal 102002 for another."""
    return known_gift(world, bodies.text(body, "GiftId"))


def known_gift(world: World, gift_id: str) -> str:
    if gift_id not in world.catalogue.gifts:
        raise Refusal(102002, "the gift id is unknown")
    return gift_id


def known_category(world: World, body: Body) -> str:
    """A CategoryId of the catalogue; Refusal 100002 for another."""
    category_id = bodies.text(body, "CategoryId")
    if category_id not in world.catalogue.categories:
        raise Refusal(100002, "the category id is unknown")
    return category_id


def new(body: Body, name: str, taken: Container[str]) -> str:
    """An id that is not taken; Refusal 100002 otherwise."""
    found = bodies.text(body, name, max_bytes=128)
    if found in taken:
        raise Refusal(100002, f"{name} exists already")
    return found


def take_texts(body: Body, of: Named, fields: dict[str, str]) -> None:
    """Reads all of them before the first is written: what is refused changes nothing."""
    texts = {
        ours: bodies.text(body, name, min_bytes=0, max_bytes=MAX_TEXT_BYTES)
        for name, ours in fields.items()
        if name in body
    }
    for ours, value in texts.items():
        setattr(of, ours, value)


def take_gift(body: Body, gift: Gift) -> None:
    numbers = {
        ours: bodies.number(body, name) for name, ours in GIFT_NUMBERS.items() if name in body
    }
    take_texts(body, gift, GIFT_TEXTS)
    for ours, value in numbers.items():
        setattr(gift, ours, value)


def get_gift_info_list(world: World, body: Body) -> Body:
    catalogue = world.catalogue
    return {
        "GiftList": [catalogue.gift_as_told(gift) for gift in catalogue.gifts],
        "CategoryList": [catalogue.category_as_told(category) for category in catalogue.categories],
        "TotalCount": len(catalogue.gifts),
    }


def get_gift(world: World, body: Body) -> Body:
    return world.catalogue.gift_as_told(known(world, body))


def add_gift(world: World, body: Body) -> None:
    gift_id = new(body, "GiftId", world.catalogue.gifts)
    gift = Gift(gift_id, created=int(world.clock.now()))
    take_gift(body, gift)
    world.catalogue.gifts[gift_id] = gift


def edit_gift(world: World, body: Body) -> None:
    take_gift(body, world.catalogue.gifts[known(world, body)])


def del_gift(world: World, body: Body) -> None:
    world.catalogue.remove_gift(known(world, body))


def get_gift_category(world: World, body: Body) -> Body:
    return world.catalogue.category_as_told(known_category(world, body))


def add_gift_category(world: World, body: Body) -> None:
    category_id = new(body, "CategoryId", world.catalogue.categories)
    category = Category(category_id)
    take_texts(body, category, CATEGORY_TEXTS)
    world.catalogue.categories[category_id] = category


def edit_gift_category(world: World, body: Body) -> None:
    take_texts(body, world.catalogue.categories[known_category(world, body)], CATEGORY_TEXTS)


def del_gift_category(world: World, body: Body) -> None:
    """The gifts in it stay."""
    del world.catalogue.categories[known_category(world, body)]


def related(world: World, body: Body) -> tuple[Category, list[str]]:
    """The category and the gifts of a command about both; Refusal 102002 when one of them is
    unknown.
    """
    category = world.catalogue.categories[known_category(world, body)]
    gifts = body.get("GiftIdList")
    if not isinstance(gifts, list) or not 0 < len(gifts) <= MAX_RELATED:
        raise Refusal(100002, f"GiftIdList takes 1 to {MAX_RELATED} ids")
    return category, [
        known_gift(world, bodies.text({"GiftIdList": gift}, "GiftIdList")) for gift in gifts
    ]


def add_gift_category_relations(world: World, body: Body) -> None:
    category, gifts = related(world, body)
    category.gifts = list(dict.fromkeys([*category.gifts, *gifts]))


def del_gift_category_relations(world: World, body: Body) -> None:
    category, gifts = related(world, body)
    category.gifts = [inside for inside in category.gifts if inside not in gifts]


# --- In languages ---------------------------------------------------------------------------------


def get_language(body: Body, of: Named, prefix: str = "") -> Body:
    name, desc = of.said_in(bodies.text(body, "Language"))
    return {"Language": {f"{prefix}Name": name, f"{prefix}Desc": desc}}


def set_language(body: Body, of: Named, prefix: str = "") -> None:
    language = bodies.text(body, "Language", max_bytes=32)
    name, desc = of.said_in(language)
    if f"{prefix}Name" in body:
        name = bodies.text(body, f"{prefix}Name", max_bytes=MAX_TEXT_BYTES)
    if f"{prefix}Desc" in body:
        desc = bodies.text(body, f"{prefix}Desc", min_bytes=0, max_bytes=MAX_TEXT_BYTES)
    of.languages[language] = name, desc


def del_language(body: Body, of: Named) -> None:
    """One that is not there is gone already."""
    of.languages.pop(bodies.text(body, "Language"), None)


def get_gift_language(world: World, body: Body) -> Body:
    return get_language(body, world.catalogue.gifts[known(world, body)])


def set_gift_language(world: World, body: Body) -> None:
    set_language(body, world.catalogue.gifts[known(world, body)])


def del_gift_language(world: World, body: Body) -> None:
    del_language(body, world.catalogue.gifts[known(world, body)])


def get_gift_category_language(world: World, body: Body) -> Body:
    return get_language(body, world.catalogue.categories[known_category(world, body)], "Category")


def set_gift_category_language(world: World, body: Body) -> None:
    set_language(body, world.catalogue.categories[known_category(world, body)], "Category")


def del_gift_category_language(world: World, body: Body) -> None:
    del_language(body, world.catalogue.categories[known_category(world, body)])


# --- Giving ---------------------------------------------------------------------------------------


def send_gift(world: World, body: Body) -> None:
    room, giver = world.room(body.get("RoomId")), bodies.account(body, "From_Account")
    coins = world.catalogue.gifts[known(world, body)].coins
    count = bodies.number(body, "Count", minimum=1, maximum=MAX_GIFTS)
    receivers = bodies.accounts(body, "ReceiverList_Account", MAX_RECEIVERS)
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
