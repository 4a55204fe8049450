"""People in a room: names and pictures beside accounts, and the audience in pages that can be
searched.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache

from liveapi import commands
from liveapi.accounts import Profile
from liveapi.messages import MemberPage
from rooms.infra import vendor
from rooms.ingest import observers
from rooms.live import profiles
from rooms.models import ChatLine, Room
from rooms.text import fold

SHOWN = 50  # of the audience on one page
KEPT_SECONDS = 15  # of a member list, which the vendor renews about every 40 s


@dataclass(frozen=True, slots=True)
class Person:
    """nick, picture: "" when the vendor tells none, or a picture from where none may be loaded."""

    account: str
    nick: str = ""
    picture: str = ""

    @property
    def initial(self) -> str:
        """What stands where no picture is."""
        return next((letter for letter in self.nick or self.account if letter.isalnum()), "?")


@dataclass(frozen=True, slots=True)
class Audience:
    """A page of those who are in a room. total: people in the room; named: those that the vendor's
    list names; found: those that fit the search.
    """

    people: list[Person]
    total: int | None
    named: int
    found: int
    page: int
    pages: int


def person(account: str, told: Mapping[str, Profile]) -> Person:
    one = told.get(account)
    if one is None:
        return Person(account)
    return Person(account, one.nick, one.avatar_url if may_load(one.avatar_url) else "")


def may_load(address: str) -> bool:
    """Whether the pages' policy lets browsers load a picture from there: of another, the browser
    would complain and show a hole.
    """
    try:
        parts = urlsplit(address)
        origin = f"{parts.scheme}://{parts.netloc}"
    except ValueError:
        return False
    return bool(parts.netloc) and any(
        allowed in (origin, f"{parts.scheme}:") for allowed in settings.IMAGE_ORIGINS
    )


def named(accounts: Collection[str]) -> list[Person]:
    """With what the vendor says of them; asks it for those that are not known."""
    told = profiles.of(accounts)
    return [person(account, told) for account in dict.fromkeys(accounts)]


def who_said(lines: Collection[ChatLine]) -> list[tuple[ChatLine, Person]]:
    """Lines with who said them, without asking the vendor: the page asks for the rest."""
    told = profiles.known({line.account for line in lines})
    return [(line, person(line.account, told)) for line in lines]


def audience(room: Room, *, search: str = "", page: int = 1) -> Audience:
    """A page of the audience; nicks are searched too. Raises LiveApiError."""
    members = members_of(room)
    accounts = matching(members.accounts, search) if search else list(members.accounts)
    pages = max(1, -(-len(accounts) // SHOWN))
    page = min(max(1, page), pages)
    return Audience(
        people=named(accounts[(page - 1) * SHOWN : page * SHOWN]),
        total=members.member_count,
        named=len(members.accounts),
        found=len(accounts),
        page=page,
        pages=pages,
    )


def members_of(room: Room) -> MemberPage:
    """The vendor's list, at most KEPT_SECONDS old in this process: whoever pages or types a search
    does not ask anew.
    """
    name = f"audience:{room.pk}"
    found: MemberPage | None = cache.get(name)
    if found is None:
        found = observers.left_out(
            vendor.sync_client().call(commands.get_member_list(room.room_id)).value
        )
        cache.set(name, found, KEPT_SECONDS)
    return found


def matching(accounts: Collection[str], search: str) -> list[str]:
    """Those whose account or nick holds the text, however it is written."""
    wanted, told = fold(search), profiles.of(accounts)
    return [
        account
        for account in accounts
        if wanted in fold(account) or (account in told and wanted in fold(told[account].nick))
    ]
