"""What requests hold.

Strict: a number is no text, an unknown field is an error in words. Times are Unix seconds.
"""

import datetime as dt
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from moderation.core.room_fields import LAYOUTS, NewRoom
from moderation.lifecycle.limits import MAX_SECONDS, MIN_SECONDS
from moderation.reports import reports
from rooms.ingest import gift_reports, labels

LATEST = 2**40  # Unix seconds; far beyond any calendar that matters
PRINTABLE = r"^[ -~]+$"
NO_NUL = r"^[^\x00]*$"
# Begins with something to see; spelt out, for what a space is differs between the readers of
# patterns.
SAYS_SOMETHING = (
    "^[^\\x00-\\x20\\x7f-\\xa0\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f\\u3000\\ufeff]"
    "[^\\x00]*$"
)


def whole(value: object) -> object:
    """60.0 is a whole number in JSON, and some callers' libraries write it so."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


WHOLE = BeforeValidator(whole)  # outermost, or the description loses the bounds
Seconds = Annotated[int, Field(ge=MIN_SECONDS, le=MAX_SECONDS), WHOLE]
UnixSeconds = Annotated[int, Field(ge=1, le=LATEST), WHOLE]
RoomId = Annotated[
    str, Field(min_length=1, max_length=128, pattern=PRINTABLE, description="the vendor's RoomId")
]
Account = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[^\x00-\x20\x7f]+$")]
Reason = Annotated[
    str,
    Field(
        pattern=r"^[-a-zA-Z0-9_]{1,40}$",
        description="code of a reason, as on the Reasons page",
        examples=["violence"],
    ),
]
Note = Annotated[
    str,
    Field(
        max_length=2000, pattern=NO_NUL, description="kept in the record, never sent to the vendor"
    ),
]


class Asked(BaseModel):
    """The common part of all requests that change something."""

    model_config = ConfigDict(strict=True, extra="forbid")


class EndAsked(Asked):
    """End the broadcast that goes on under a RoomId."""

    room_id: RoomId
    create_time: UnixSeconds | None = Field(
        default=None, description="end only this broadcast, not a newer one under the same RoomId"
    )
    reason: Reason
    note: Note = ""


class CreateAsked(Asked):
    """A room, created at once or at its time.

    Texts are counted in bytes of UTF-8, as the vendor does.
    """

    room_id: Annotated[str, Field(min_length=1, max_length=48, pattern=PRINTABLE)]
    owner_account: Account
    name: Annotated[str, Field(max_length=100, pattern=NO_NUL)] = ""
    cover_url: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    notice: Annotated[str, Field(max_length=100, pattern=NO_NUL)] = ""
    categories: Annotated[
        list[Annotated[int, Field(ge=0, le=2**32 - 1), WHOLE]], Field(max_length=3)
    ] = []
    seat_template: Literal[tuple(LAYOUTS)] = next(iter(LAYOUTS))  # type: ignore[valid-type]
    take_seat_mode: Literal["FreeToTake", "ApplyToTake"] = "FreeToTake"
    visibility: Literal["public", "on_start", "hidden"] = "on_start"
    import_owner: bool = Field(
        default=False, description="import the owner's account when the vendor lacks it"
    )
    time_limit_seconds: Seconds | None = Field(default=None, description="from the host's start")
    starts_at: UnixSeconds | None = Field(
        default=None, description="when it is created; null: at once"
    )
    reason: Reason
    note: Note = ""

    def room(self, *, starts_at: dt.datetime | None) -> NewRoom:
        return NewRoom(
            **self.model_dump(exclude={"reason", "note", "starts_at"}), starts_at=starts_at
        )


class CancelAsked(Asked):
    """Take a planned room back while nothing was sent."""

    plan: Annotated[int, Field(ge=1, le=2**53), WHOLE]
    note: Note = ""


class LimitAsked(Asked):
    """Limit the time of a RoomId: until a time, or to seconds from the host's start."""

    room_id: RoomId
    ends_at: UnixSeconds | None = None
    seconds: Seconds | None = None
    reason: Reason
    note: Note = ""


class ExtendAsked(Asked):
    """Move the end of a RoomId's limit."""

    room_id: RoomId
    seconds: Seconds
    version: Annotated[int, Field(ge=1, le=2**31), WHOLE] | None = Field(
        default=None,
        description="the limit's version as you know it: 409 when it has changed since",
    )
    reason: Reason
    note: Note = ""


class BanAsked(Asked):
    """Ban an account from the platform."""

    account: Account
    seconds: Annotated[int, Field(ge=60, le=10 * 365 * 86400), WHOLE] | None = Field(
        description="how long; null: permanent"
    )
    reason: Reason
    unseen: bool = Field(
        default=False,
        description="ban it even if nobody has seen this account here: else that answers 409",
    )
    note: Note = ""


class UnbanAsked(Asked):
    """Lift the ban of an account."""

    account: Account
    note: Annotated[str, Field(min_length=1, max_length=2000, pattern=SAYS_SOMETHING)]


class GiftAsked(Asked):
    """Coins and gifts that a room earned. The same id twice is counted once."""

    id: Annotated[
        str,
        Field(min_length=1, max_length=200, pattern=PRINTABLE, description="your own name of it"),
    ]
    room_id: RoomId
    coins: Annotated[int, Field(ge=0, le=gift_reports.MAX_COINS), WHOLE]
    gifts: Annotated[int, Field(ge=0, le=gift_reports.MAX_GIFTS), WHOLE] = 1


class GiftsAsked(Asked):
    gifts: Annotated[list[GiftAsked], Field(min_length=1, max_length=gift_reports.MAX_REPORTS)]


class LabelAsked(Asked):
    """What a classifier found. The same id twice is one label."""

    id: Annotated[
        str,
        Field(min_length=1, max_length=200, pattern=PRINTABLE, description="your own name of it"),
    ]
    room_id: RoomId
    label: Annotated[
        str, Field(min_length=1, max_length=labels.NAME_LENGTH, pattern=SAYS_SOMETHING)
    ]
    score: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
    account: Account | None = Field(default=None, description="whom it is about; null: the room")
    at_ms: Annotated[int, Field(ge=1, le=2**53 - 1), WHOLE] | None = Field(
        default=None, description="Unix milliseconds; null: now"
    )
    words: Annotated[str, Field(max_length=labels.WORDS_LENGTH, pattern=NO_NUL)] = ""


class LabelsAsked(Asked):
    labels: Annotated[list[LabelAsked], Field(min_length=1, max_length=labels.MAX_LABELS)]


class ReportAsked(Asked):
    """What a user reports. The same id twice is one report."""

    id: Annotated[
        str,
        Field(min_length=1, max_length=200, pattern=PRINTABLE, description="your own name of it"),
    ]
    room_id: RoomId
    account: Account | None = Field(default=None, description="whom it is about; null: the room")
    reporter: Account
    category: Annotated[
        str,
        Field(
            min_length=1,
            max_length=reports.CATEGORY_LENGTH,
            pattern=SAYS_SOMETHING,
            description="what is wrong, in your platform's words",
            examples=["harassment"],
        ),
    ]
    text: Annotated[
        str,
        Field(max_length=reports.TEXT_LENGTH, pattern=NO_NUL, description="what the user wrote"),
    ] = ""


class ReportsAsked(Asked):
    reports: Annotated[list[ReportAsked], Field(min_length=1, max_length=reports.MAX_REPORTS)]
