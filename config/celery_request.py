"""How a worker treats a message: those of the queue of acts are not acknowledged (see
CELERY_TASK_QUEUES), and when a message is due or over is told in the database's time, whatever the
clocks of the two machines say."""

import datetime as dt

from celery import Task
from celery.worker import request
from django.conf import settings

TIMES = ("eta", "expires")


def shift(headers: dict[str, object]) -> None:
    """Writes the times of a message that is about to be sent as the database's clock has them.

    Celery wrote its machine's.
    """
    ahead = _ahead()
    for name in TIMES if ahead else ():
        if isinstance(at := headers.get(name), str):
            headers[name] = (dt.datetime.fromisoformat(at) - ahead).isoformat()


def _ahead() -> dt.timedelta:
    """How far this machine's clock is ahead.

    What is less than a hundredth of a second is left alone.
    """
    from rooms.infra import database_time  # Django is not set up yet when Celery reads this

    seconds = database_time.offset()
    return dt.timedelta(seconds=seconds if abs(seconds) > 0.01 else 0.0)


class Request(request.Request):
    """kombu keeps nothing of a message without acknowledgement, but Celery would tell Redis of each
    all the same: one command with a new client, a sixth of what an act costs its worker."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)
        if ahead := _ahead():
            for name in ("_eta", "_expires"):
                if at := getattr(self, name, None):
                    setattr(self, name, at + ahead)

    def acknowledge(self) -> None:
        if self.delivery_info.get("routing_key") in unacknowledged():
            self.acknowledged = True
        else:
            super().acknowledge()


class LivewardenTask(Task):
    Request = "config.celery_request:Request"


def unacknowledged() -> set[str]:
    return {queue.name for queue in settings.CELERY_TASK_QUEUES if queue.no_ack}
