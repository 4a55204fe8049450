"""Accounts and their profiles.

The many are made from their number when asked for; only what differs is kept.
"""

import zlib

from simulator.errors import Refusal
from simulator.world import names

Profile = dict[str, str | int]  # "nick", "face", and "role" where it was set
VIEWER = "viewer_"
HOST = "host_"
FIRST_HOST = 1000
PICTURES = 997
# A deleted id cannot be imported again for three months. https://trtc.io/document/34955
DELETED_FOR = 90 * 86_400


def host_account(host: int) -> str:
    return f"{HOST}{FIRST_HOST + host}"


class People:
    """Accounts `viewer_0` to `viewer_{viewers-1}`, the hosts, and whoever was imported."""

    def __init__(self, *, viewers: int, hosts: int, seed: int, address: str) -> None:
        self.viewers = viewers
        self.hosts = hosts
        self.seed = seed
        self.address = address
        self.sessions_ended: dict[str, float] = {}
        self.signatures_ended: dict[
            str, float
        ] = {}  # by the real clock, which UserSigs are dated with
        self.silenced: dict[str, float] = {}
        self._kept: dict[str, Profile] = {}
        self._deleted: dict[str, float] = {}

    def avatar(self, account: str) -> str:
        """The address of the account's picture."""
        return f"{self.address}/avatars/{zlib.crc32(account.encode()) % PICTURES}.svg"

    def find(self, account: str) -> Profile | None:
        """{"nick", "face", ...} of an account; None when it was never imported, or deleted."""
        if account in self._kept:
            return self._kept[account]
        nick = None if account in self._deleted else self._made(account)
        return None if nick is None else {"nick": nick, "face": self.avatar(account)}

    def require(self, account: str) -> Profile:
        """The profile; Refusal 70107 when there is no such account."""
        profile = self.find(account)
        if profile is None:
            raise Refusal(70107, "the account does not exist")
        return profile

    def include(self, account: str, now: float, *, nick: str = "", face: str = "") -> None:
        """Imports an account, or renews its name and picture.

        Refusal 70402 for an id deleted lately.
        """
        if self._deleted.get(account, 0) > now:
            raise Refusal(70402, "a deleted id cannot be imported again for three months")
        self._deleted.pop(account, None)
        known = self.find(account) or {"nick": "", "face": self.avatar(account)}
        self._kept[account] = known | {k: v for k, v in (("nick", nick), ("face", face)) if v}

    def change(self, account: str, **fields: str | int) -> None:
        """Sets profile fields; Refusal 70107 when there is no such account."""
        self._kept[account] = self.require(account) | fields

    def delete(self, account: str, now: float) -> bool:
        """True when there was such an account; its profile and restrictions are gone."""
        if self.find(account) is None:
            return False
        self._kept.pop(account, None)
        self.silenced.pop(account, None)
        self._deleted[account] = now + DELETED_FOR
        return True

    def _made(self, account: str) -> str | None:
        for prefix, first, number, nick in (
            (VIEWER, 0, self.viewers, names.viewer_nick),
            (HOST, FIRST_HOST, self.hosts, names.host_nick),
        ):
            digits = account.removeprefix(prefix)
            if digits == account or not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
                continue
            if first <= int(digits) < first + number and digits == str(int(digits)):
                return nick(self.seed, int(digits) - first)
        return None
