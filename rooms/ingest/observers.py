"""The accounts with which our own screens watch a room by the vendor's SDK: they are participants
there, and no audience.

Each person and each tile has one of its own, for the vendor lets one account be in a room once: the
second entrance would push out the first. Reference: the vendor's Manager uses
`live_monitor_{RoomId}`, one for all people.
"""

import dataclasses
import re

from liveapi.messages import MemberPage

PREFIX = "lwobserver_"
TILE = re.compile(r"[a-z0-9]{1,12}")


def account_of(person: int, tile: str) -> str:
    """The account of one person's tile. tile: what the tab calls it; raises ValueError for anything
    but [a-z0-9]{1,12}.
    """
    if not TILE.fullmatch(tile):
        raise ValueError("no name of a tile")
    return f"{PREFIX}{person}_{tile}"


def is_observer(account: str) -> bool:
    """Whether it is one of ours; other monitors of the vendor's kind too."""
    return account.casefold().startswith((PREFIX, "live_monitor_"))


def left_out(page: MemberPage) -> MemberPage:
    """A list of members without ours, which are not counted either, as far as the list names
    them.
    """
    accounts = tuple(account for account in page.accounts if not is_observer(account))
    ours = len(page.accounts) - len(accounts)
    if not ours:
        return page
    count = None if page.member_count is None else max(0, page.member_count - ours)
    return dataclasses.replace(page, accounts=accounts, member_count=count)
