"""`manage.py collect`: asks the vendor and stores what it says, or stands by for the process that
does.
"""

import asyncio
import logging
import signal

from django.core.management.base import BaseCommand, CommandError

from liveapi import LiveApiError
from rooms.collector.leader import Collector
from rooms.infra import database_time, processes, vendor

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = (
        "Collects facts from the vendor. "
        "Any number of these may run: one leads, the others stand by."
    )

    def handle(self, *arguments: object, **options: object) -> None:
        try:
            vendor.config()
        except LiveApiError as error:
            raise CommandError(
                f"The vendor cannot be asked: {error.text}. See LIVE_* in docs/configuration.md."
            ) from None
        database_time.start("collector", processes.tell)
        asyncio.run(collect())


async def collect() -> None:
    """Runs a collector until SIGTERM or SIGINT."""
    collector = Collector()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, collector.stop.set)
    await collector.run()
