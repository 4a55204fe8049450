"""The console's Celery application with one more chore that sleeps for half a second.

`-A benchmarks.slow_chore`.
"""

import time

from config.celery import app

CHORE_SECONDS = 0.5


@app.task(name="benchmarks.chore")
def chore() -> None:
    time.sleep(CHORE_SECONDS)
