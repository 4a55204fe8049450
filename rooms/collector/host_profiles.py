"""The lane that learns what hosts are called, where the listing does not say: up to 100 accounts a
call.
"""

import asyncio
import logging
import time

from liveapi import LiveApiError, commands
from liveapi.commands.accounts import ACCOUNTS_A_CALL
from rooms.collector.poll_context import PollContext
from rooms.collector.schedule import Schedule
from rooms.ingest.changes import Known

logger = logging.getLogger(__name__)

COMMAND = "portrait_get"
KEPT_SECONDS = 6 * 3600.0
GATHER_SECONDS = 1.0  # new hosts come in groups: one call for all of them
LONGEST_WAIT = 5.0


class ProfilePoller:
    """Asks for the hosts of live rooms when they are new, and again every few hours."""

    def __init__(self, context: PollContext) -> None:
        self.context = context
        self._schedule: Schedule[str] = Schedule(
            watched_interval=KEPT_SECONDS, rest_interval=KEPT_SECONDS
        )
        self._size = ACCOUNTS_A_CALL

    def added(self, known: Known) -> None:
        """A room whose host may have to be asked for; one named by the listing is not."""
        if known.owner_account:
            read_at = time.monotonic() if known.owner_name else float("-inf")
            self._schedule.add(known.owner_account, read_at)

    def removed(self, known: Known) -> None:
        """A room has ended; its host is forgotten with the last one."""
        if not self.context.registry.of_owner(known.owner_account):
            self._schedule.remove(known.owner_account)

    async def step(self) -> None:
        """Waits for hosts without a name, then asks for as many as fit into one call."""
        await asyncio.sleep(
            min(LONGEST_WAIT, max(GATHER_SECONDS, self._schedule.wait(time.monotonic())))
        )
        while self._schedule.wait(time.monotonic()) == 0 and await self.context.granted(COMMAND, 1):
            accounts = self._schedule.take(time.monotonic(), self._size)
            try:
                await self._ask(accounts)
                self._size = min(ACCOUNTS_A_CALL, self._size * 2)
            except LiveApiError as error:
                if error.retryable:
                    for account in accounts:
                        self._schedule.prioritise(account, time.monotonic() + LONGEST_WAIT)
                elif len(accounts) > 1:
                    # One account that the vendor does not take must not keep the others nameless.
                    self._size = max(1, len(accounts) // 2)
                    for account in accounts:
                        self._schedule.prioritise(account)
                raise
            finally:
                for account in accounts:
                    self._schedule.finished(account)

    async def _ask(self, accounts: list[str]) -> None:
        # The vendor may answer in another letter case than it was asked in.
        asked = {account.casefold(): account for account in accounts}
        for profile in await self.context.ask(commands.portrait_get(accounts)):
            account = asked.get(profile.account.casefold())
            if account is None or not profile.nick:
                continue
            for pk in self.context.registry.of_owner(account):
                self.context.batch.names[pk] = profile.nick, profile.avatar_url
