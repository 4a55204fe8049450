"""The gifts of the application: what they are called in which language, what they cost, in which
category they are.

Fields as the vendor's own manager types them; no page of the vendor's was read for the catalogue.
"""

from dataclasses import dataclass, field

from simulator.bodies import Body

CREATED = 1_700_000_000
# GiftId: (name, coins, category)
GIFTS = {
    "rose": ("Rose", 1, "small"),
    "heart": ("Finger heart", 5, "small"),
    "coffee": ("Coffee", 10, "small"),
    "star": ("Star", 50, "big"),
    "crown": ("Crown", 199, "big"),
    "rocket": ("Rocket", 500, "big"),
    "castle": ("Castle", 5000, "legend"),
    "universe": ("Universe", 34_999, "legend"),
}
CATEGORIES = {"small": "Small joys", "big": "Big moments", "legend": "Legendary"}
# Translations, (id, language) -> name.
TRANSLATED = {
    ("rose", "ja"): "バラ",
    ("rose", "zh"): "玫瑰",
    ("rocket", "ja"): "ロケット",
    ("rocket", "zh"): "火箭",
    ("legend", "ja"): "伝説",
    ("legend", "zh"): "传奇",
}


@dataclass(slots=True)
class Named:
    """Something with a name and a description of its own, and in languages: language -> (name,
    description).
    """

    name: str
    desc: str = ""
    languages: dict[str, tuple[str, str]] = field(default_factory=dict)

    def said_in(self, language: str) -> tuple[str, str]:
        """What is not translated is told by its own name."""
        return self.languages.get(language, (self.name, self.desc))


@dataclass(slots=True)
class Gift(Named):
    """`coins`: the price of one.

    `extension`: the platform's own text, which no reading was seen to tell.
    """

    coins: int = 0
    level: int = 0
    icon: str = ""
    resource: str = ""
    extension: str = ""
    created: int = CREATED


@dataclass(slots=True)
class Category(Named):
    """A gift may be in several."""

    gifts: list[str] = field(default_factory=list)


class Catalogue:
    """GiftId -> gift, CategoryId -> category."""

    def __init__(self, address: str) -> None:
        self.gifts = {
            gift_id: Gift(
                name, coins=coins, level=len(str(coins)), icon=f"{address}/avatars/{coins % 97}.svg"
            )
            for gift_id, (name, coins, _) in GIFTS.items()
        }
        self.categories = {
            category_id: Category(
                name,
                gifts=[gift for gift, (_, _, inside) in GIFTS.items() if inside == category_id],
            )
            for category_id, name in CATEGORIES.items()
        }
        for (item, language), name in TRANSLATED.items():
            named: Named = self.gifts[item] if item in self.gifts else self.categories[item]
            named.languages[language] = name, ""

    def remove_gift(self, gift_id: str) -> None:
        """Out of its categories, too."""
        del self.gifts[gift_id]
        for category in self.categories.values():
            category.gifts = [inside for inside in category.gifts if inside != gift_id]

    def gift_as_told(self, gift_id: str) -> Body:
        gift = self.gifts[gift_id]
        return {
            "GiftId": gift_id,
            "Name": gift.name,
            "Desc": gift.desc,
            "IconUrl": gift.icon,
            "ResourceUrl": gift.resource,
            "Coins": gift.coins,
            "Level": gift.level,
            "CreateTime": gift.created,
            "LanguageList": languages(gift),
        }

    def category_as_told(self, category_id: str) -> Body:
        category = self.categories[category_id]
        return {
            "CategoryId": category_id,
            "CategoryName": category.name,
            "CategoryDesc": category.desc,
            "GiftIdList": list(category.gifts),
            "LanguageList": languages(category, "Category"),
        }


def languages(of: Named, prefix: str = "") -> list[dict[str, str]]:
    return [
        {f"{prefix}Name": name, f"{prefix}Desc": desc, "Language": language}
        for language, (name, desc) in of.languages.items()
    ]
