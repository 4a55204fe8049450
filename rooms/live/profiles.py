"""What accounts are called and how they look, as the vendor tells it: asked for when somebody looks
at them, and kept for hours in Redis.

    profile:<digest>   JSON [nick, avatar address] of one account; "" for what the vendor has not

Without Redis nothing is kept and the vendor is asked again. Nothing here raises: who has no name is
called by the account.
"""

import hashlib
import logging
from collections.abc import Collection, Sequence

import orjson

from liveapi import LiveApiError, commands
from liveapi.accounts import Profile
from liveapi.commands.accounts import ACCOUNTS_A_CALL
from rooms.infra import redis, vendor

logger = logging.getLogger(__name__)

KEPT_SECONDS = 6 * 3600
NAMELESS_SECONDS = 600  # until an account without a name is asked for again
MAX_ACCOUNTS = 1000  # of one question
MAX_CALLS = 12  # of one question: one account that the vendor does not know fails a whole call


def of(accounts: Collection[str]) -> dict[str, Profile]:
    """Account -> profile, of those that the vendor has a nick or a picture for, at most
    MAX_ACCOUNTS. Asks the vendor for the unknown.
    """
    wanted = list(dict.fromkeys(accounts))[:MAX_ACCOUNTS]
    found = stored(wanted)
    unknown = [account for account in wanted if account not in found]
    if unknown:
        asked = ask(unknown)
        keep(asked)
        found |= asked
    return named(found)


def known(accounts: Collection[str]) -> dict[str, Profile]:
    """As `of`, without asking the vendor."""
    return named(stored(list(dict.fromkeys(accounts))[:MAX_ACCOUNTS]))


def named(found: dict[str, Profile]) -> dict[str, Profile]:
    return {account: one for account, one in found.items() if one.nick or one.avatar_url}


def ask(accounts: Sequence[str]) -> dict[str, Profile]:
    """Each account -> what the vendor says now, an empty profile for what it does not know. An
    account that could not be asked for is missing.
    """
    waiting = [
        list(accounts[start : start + ACCOUNTS_A_CALL])
        for start in range(0, len(accounts), ACCOUNTS_A_CALL)
    ]
    found: dict[str, Profile] = {}
    calls = 0
    while waiting and calls < MAX_CALLS:
        part, calls = waiting.pop(0), calls + 1
        try:
            answer = vendor.sync_client().call(commands.portrait_get(part)).value
        except LiveApiError as error:
            if error.retryable or error.kind == "config":
                logger.info("Names are not known: %s", error)
                break
            if len(part) == 1:
                found[part[0]] = Profile(part[0], "", "")
            else:  # one of them is unknown to the vendor: which, the halves tell
                half = len(part) // 2
                waiting += [part[:half], part[half:]]
            continue
        # The vendor may answer in another letter case than it was asked in.
        told = {one.account.casefold(): one for one in answer}
        for account in part:
            one = told.get(account.casefold())
            found[account] = Profile(
                account, one.nick if one else "", one.avatar_url if one else ""
            )
    return found


# --- Redis ----------------------------------------------------------------------------------------


def _key(account: str) -> str:
    return redis.key(f"profile:{hashlib.sha256(account.encode()).hexdigest()[:32]}")


@redis.quiet(dict)
def stored(accounts: Sequence[str]) -> dict[str, Profile]:
    """Those that were asked for lately, the nameless included."""
    if not accounts:
        return {}
    values = redis.sync_client().mget([_key(account) for account in accounts])
    return {
        account: Profile(account, *orjson.loads(value))
        for account, value in zip(accounts, values, strict=True)
        if value
    }


@redis.quiet(lambda: None)
def keep(found: dict[str, Profile]) -> None:
    """Remembers what the vendor has said."""
    pipeline = redis.sync_client().pipeline(transaction=False)
    for account, one in found.items():
        seconds = KEPT_SECONDS if one.nick or one.avatar_url else NAMELESS_SECONDS
        pipeline.set(_key(account), orjson.dumps([one.nick, one.avatar_url]), ex=seconds)
    if found:
        pipeline.execute()
