"""`manage.py take_pictures`: takes a small picture of each live room, or stands by for the process
that does.
"""

import asyncio
import os
import signal

from django.core.management.base import BaseCommand

from rooms.infra import database_time, processes
from rooms.pictures.worker import PictureWorker

NICE = 10  # whatever the figures need, they get first


class Command(BaseCommand):
    help = (
        "Takes a small picture of each live room. "
        "Any number of these may run: one works, the others stand by."
    )

    def handle(self, *arguments: object, **options: object) -> None:
        os.nice(NICE)
        database_time.start("pictures", processes.tell)
        asyncio.run(take_pictures())


async def take_pictures() -> None:
    """Runs a worker until SIGTERM or SIGINT."""
    worker = PictureWorker()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, worker.stop.set)
    await worker.run()
