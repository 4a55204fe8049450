"""Who did something and when, as messages to people say it."""

import datetime as dt
from typing import TypedDict

from django.utils import timezone


class Attribution(TypedDict):
    """The places %(who)s and %(time)s of a message."""

    who: str
    time: str


def attribution(who: str, at: dt.datetime, *, dated: bool = False) -> Attribution:
    """dated: with the day, for what may be of another one."""
    local = timezone.localtime(at)
    return {
        "who": who,
        "time": f"{local:%Y-%m-%d %H:%M:%S %Z}" if dated else f"{local:%H:%M:%S %Z}",
    }
