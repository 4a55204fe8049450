"""The console's Celery application with one more chore: half a second of nothing.

`-A benchmarks.chores`.
"""

import time

from config.celery import app

CHORE_SECONDS = 0.5


@app.task(name="benchmarks.chore")
def chore() -> None:
    time.sleep(CHORE_SECONDS)
