"""Accounts that nobody has seen here: found before they are banned, and looked up at the vendor.

A ban of a mistyped account is in force and bans nobody. So it needs a second yes, given to what is
said here of it.
"""

import logging
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.utils.translation import gettext as _

from liveapi import LiveApiError, commands
from moderation.core.known_accounts import known as accounts_seen
from rooms import text
from rooms.infra import vendor

logger = logging.getLogger(__name__)
LOOK_UP_SECONDS = 2.0  # a person waits
AT_ONCE = 100  # accounts of one question to the vendor
_askers = ThreadPoolExecutor(max_workers=2, thread_name_prefix="account-check")


@dataclass(frozen=True, slots=True)
class Named:
    """An account that is about to be banned. is_imported: whether the vendor knows it, None: not
    asked or not told.
    """

    account: str
    is_seen: bool
    is_imported: bool | None = None

    @property
    def words(self) -> str:
        if self.is_seen:
            return _("was seen here")
        if self.is_imported is None:
            return _("never seen here, and the vendor did not say whether it exists")
        return (
            _("never seen here; the vendor knows it")
            if self.is_imported
            else _("never seen here, and the vendor does not know it")
        )


def looked_up(accounts: Sequence[str]) -> list[Named]:
    """These accounts, each with what is known of it; those never seen are asked for, for
    LOOK_UP_SECONDS at most.
    """
    known = set(accounts_seen(accounts))
    unknown = [account for account in accounts if account not in known]
    imported = _asked(unknown) if unknown else {}
    return [Named(account, account in known, imported.get(account)) for account in accounts]


def _asked(accounts: Sequence[str]) -> dict[str, bool | None]:
    asking = _askers.submit(_imported, accounts)
    try:
        return asking.result(timeout=LOOK_UP_SECONDS)
    except (LiveApiError, TimeoutError) as error:
        asking.cancel()
        logger.info("accounts were not looked up: %s", error or "too slow")
        return {}


def _imported(accounts: Sequence[str]) -> dict[str, bool | None]:
    client, imported = vendor.sync_client(), dict[str, bool | None]()
    for start in range(0, len(accounts), AT_ONCE):
        call = commands.account_check(accounts[start : start + AT_ONCE])
        imported |= {
            row.account: row.imported for row in client.call(call, lane="act", wait=1.0).value
        }
    return imported


def account_of(given: str) -> str:
    """What was given as one account: as it stands when that very account was seen here, else as
    `text.account` reads it.

    An account on the platform may hold what cannot be seen; it can be banned from where it is
    shown.
    """
    return each_account_of([given])[given]


def each_account_of(given: Iterable[str]) -> dict[str, str]:
    """As `account_of`, of several at once: what was given -> the account. Raises NotAnAccount."""
    wanted = list(dict.fromkeys(given))
    as_they_stand = set(accounts_seen([one for one in wanted if one == one.strip()]))
    return {one: one if one in as_they_stand else text.account(one) for one in wanted}


def accounts_of(given: str) -> list[str]:
    """As `account_of`, of a pasted list. Raises NotAnAccount."""
    return (
        [given] if given and "\n" not in given and accounts_seen([given]) else text.accounts(given)
    )
