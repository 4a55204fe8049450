"""A process whose machine's clock is so many seconds ahead: `python -m tests.moderation.clock_apart
SECONDS WHAT [PK ...]`.

Prints what it did as JSON. The database is the one of DATABASE_URL, whose clock is right.
"""

import datetime as dt
import json
import sys
import time
from typing import Any

import django
import time_machine


def main(ahead: float, what: str, pks: list[int]) -> Any:
    wrong = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=ahead)
    with time_machine.travel(wrong, tick=True):
        django.setup()
        from rooms.infra import database_time

        database_time.start("test")
        from moderation.bans import registry
        from moderation.core import broker
        from moderation.models import Ban
        from moderation.worker import executor, recovery

        queued: list[Any] = []
        broker.publish = lambda task, *of, delay=0.0: (
            queued.append([task, *of, round(delay, 3)]) or True
        )
        done: Any = None
        if what == "claim":
            done = [action.pk for action in executor.claim(*pks)]
        elif what == "sweep":
            done = recovery.sweep()
        elif what == "expire":
            done = registry.close_expired(Ban.objects.all(), 10)
        # Starting to travel takes a while on a busy machine, and the journey is so much shorter.
        ahead = time.time() - time_machine.escape_hatch.time.time()
        return {
            "error": database_time.offset() - ahead,
            "ahead": ahead,
            "done": done,
            "queued": queued,
        }


if __name__ == "__main__":
    seconds, asked, *numbers = sys.argv[1:]
    sys.stdout.write(
        json.dumps(main(float(seconds), asked, [int(number) for number in numbers])) + "\n"
    )
