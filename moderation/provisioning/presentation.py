"""The state of a planned room, and the steps until people see it, in words."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _

from moderation.models import PlannedRoom
from moderation.provisioning import plans, publish_on_start
from moderation.values import retold
from moderation.web.badge import Badge
from rooms.models import Room

STOPPED = (PlannedRoom.Status.FAILED, PlannedRoom.Status.CANCELLED)


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the card. state: done, next, stopped, or "" for a step that cannot come yet.
    at: when it was done or is due, where is_dated; None: not known. sign: by what it was known.
    """

    state: str
    text: str
    at: dt.datetime | None = None
    is_dated: bool = False
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What the card says of a failure or a delay: its reason, and lines of advice below it."""

    text: str
    icon: str = ""
    advice: tuple[str, ...] = ()


def plan_badge(plan: PlannedRoom, room: Room | None) -> Badge:
    """room: the broadcast that it became; None while there is none."""
    match plan.status:
        case PlannedRoom.Status.FAILED:
            return Badge(plan.get_status_display(), "triangle-alert", "warn")
        case PlannedRoom.Status.CANCELLED:
            return Badge(plan.get_status_display(), "undo-2")
        case PlannedRoom.Status.CREATED if room and not room.is_live:
            return Badge(_("ended"), "octagon-x")
        case PlannedRoom.Status.CREATED:
            return Badge(plan.get_status_display(), "check")
    return Badge(plan.get_status_display(), "clock")


def owner_answer(is_known: bool | None) -> Badge:
    """What the vendor says of an owner's account; is_known None: it does not tell."""
    match is_known:
        case False:
            words = _(
                "The vendor does not know this account. It must be imported before it can host."
            )
            return Badge(words, "triangle-alert", "warn")
        case True:
            return Badge(_("The vendor knows this account."), "check", "muted")
        case None:
            return Badge(_("The vendor does not say whether this account exists."), "", "muted")


def steps(plan: PlannedRoom, room: Room | None) -> list[Step]:
    """Creation, the host's start, and the listing where the plan lists it by itself."""
    has_started = room is not None and room.host_started_at is not None
    found = [_creation(plan), _start(room)]
    if plan.visibility == PlannedRoom.Visibility.ON_START:
        found.append(_listing(plan, has_started=has_started))
    return found


def _creation(plan: PlannedRoom) -> Step:
    match plan.status:
        case PlannedRoom.Status.CREATED:
            return Step("done", _("created"), plan.finished_at, is_dated=True)
        case PlannedRoom.Status.PLANNED:
            return Step("next", _("will be created"), plan.due_at, is_dated=True)
    state = "stopped" if plan.status in STOPPED else "next"
    return Step(state, plan.get_status_display())


def _start(room: Room | None) -> Step:
    if room is not None and room.host_started_at is not None:
        return Step("done", _("the host started"), _moment(room.host_started_at), is_dated=True)
    return Step("" if room is None else "next", _("the host starts"))


def _listing(plan: PlannedRoom, *, has_started: bool) -> Step:
    if plan.published_at:
        sign = publish_on_start.words_of(plan.published_sign)
        return Step("done", _("became visible"), plan.published_at, is_dated=True, sign=sign)
    return Step("next" if has_started else "", _("becomes visible automatically"))


def _moment(unix: int) -> dt.datetime | None:
    """Unix seconds as the vendor told them; None for what is no time."""
    try:
        return dt.datetime.fromtimestamp(unix, dt.UTC)
    except (OverflowError, OSError, ValueError):
        return None


def trouble(plan: PlannedRoom, room: Room | None) -> Trouble | None:
    """Why there is no room, or none yet; None while all is well."""
    advice = plans.advice(plan)
    text = retold.again(plan.vendor_text)
    if plan.vendor_code:
        text = f"{plan.vendor_code}: {text}"
    if plan.status == PlannedRoom.Status.FAILED:
        lost = _(
            "The last answer was lost: the room may exist. Look for it in the list of"
            " rooms before you try again."
        )
        may_be_there = plan.called_at is not None
        lines = (advice, lost if may_be_there else "")
        return Trouble(text, "triangle-alert", tuple(line for line in lines if line))
    if plan.vendor_text and room is None:
        return Trouble(text)
    return Trouble(advice) if advice else None
