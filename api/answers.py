"""What requests are answered.

Times are Unix seconds; a figure comes with when it was read and how old that is.
"""

import datetime as dt

from django.conf import settings
from pydantic import BaseModel, Field

from moderation.models import Action, Ban, PlannedRoom, TimeLimit
from moderation.provisioning import plans
from rooms.infra import database_time
from rooms.models import Room


def second(moment: dt.datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


class Figure(BaseModel):
    """value: null when nobody has told. source: who told. read_at: when; age_seconds: how long
    ago.
    """

    value: int | None
    source: str
    read_at: int | None
    age_seconds: int | None


def figure(value: int | None, source: str, read_at: int | None) -> Figure:
    age = None if read_at is None else max(0, int(database_time.unix()) - read_at)
    return Figure(value=value, source=source, read_at=read_at, age_seconds=age)


class Host(BaseModel):
    """state: seated, inside, lost, away; "" when it is not known. since, read_at, started_at: null
    when not known.
    """

    account: str
    name: str
    state: str
    since: int | None
    read_at: int | None
    started_at: int | None


class RoomAnswer(BaseModel):
    """One broadcast. number: its own, unlike the RoomId never used again. is_public: null when not
    told.
    """

    number: int
    room_id: str
    create_time: int
    name: str
    is_live: bool
    ended_at: int | None
    end_cause: str
    is_public: bool | None
    is_muted: bool | None = Field(
        description="whether nobody but the host may speak; null: not told"
    )
    categories: list[object]
    seat_template: str
    host: Host
    online: Figure
    reward: Figure = Field(description="coins so far")
    gifts: Figure
    messages: Figure
    views: int | None = Field(description="entries so far, not people in the room")
    likes: int | None


def of_room(room: Room) -> RoomAnswer:
    totals = room.statistics_at
    return RoomAnswer(
        number=room.pk,
        room_id=room.room_id,
        create_time=room.create_time,
        name=room.name,
        is_live=room.is_live,
        ended_at=second(room.ended_at),
        end_cause=room.end_cause,
        is_public=room.is_public_visible,
        is_muted=room.is_message_disabled,
        categories=list(room.categories or []),
        seat_template=room.seat_template,
        host=Host(
            account=room.owner_account,
            name=room.owner_name,
            state=room.host_state,
            since=room.host_state_at,
            read_at=room.host_read_at,
            started_at=room.host_started_at,
        ),
        online=figure(room.online, room.online_source, room.online_at),
        reward=figure(room.reward, settings.REWARD_SOURCE, totals),
        gifts=figure(room.gifts, settings.REWARD_SOURCE, totals),
        messages=figure(room.messages, "vendor", totals),
        views=room.views,
        likes=room.likes,
    )


class RoomsAnswer(BaseModel):
    """A page of broadcasts, by number. next: what `after` must be for the following page; null:
    this is the last.
    """

    rooms: list[RoomAnswer]
    next: int | None


class ActAnswer(BaseModel):
    """An order and what became of it. is_open: it is still under way, ask again. result: totals at
    the end.
    """

    number: int
    verb: str
    room: int = Field(description="number of the broadcast")
    room_id: str
    account: str
    status: str
    is_open: bool
    by: str
    reason: str
    note: str
    requested_at: int | None
    finished_at: int | None
    vendor_code: int | None
    vendor_text: str
    result: dict[str, object]


def of_act(action: Action) -> ActAnswer:
    return ActAnswer(
        number=action.pk,
        verb=action.verb,
        room=action.room.pk,
        room_id=action.room.room_id,
        account=action.account,
        status=action.status,
        is_open=action.is_open,
        by=action.by_name,
        reason=action.policy.code,
        note=action.note,
        requested_at=second(action.requested_at),
        finished_at=second(action.finished_at),
        vendor_code=action.vendor_code,
        vendor_text=action.vendor_text,
        result=action.result,
    )


class ActsAnswer(BaseModel):
    acts: list[ActAnswer]


class PlanAnswer(BaseModel):
    """A room to be created. room: number of the broadcast it became; null: not yet."""

    number: int
    room_id: str
    owner_account: str
    status: str
    is_open: bool
    visibility: str
    starts_at: int | None
    time_limit_seconds: int | None
    planned_at: int | None
    finished_at: int | None
    room: int | None
    by: str
    reason: str
    vendor_code: int | None
    vendor_text: str
    advice: str = Field(description="what a refusal of the vendor means, and what to do")
    audience_link: str


def of_plan(plan: PlannedRoom) -> PlanAnswer:
    return PlanAnswer(
        number=plan.pk,
        room_id=plan.room_id,
        owner_account=plan.owner_account,
        status=plan.status,
        is_open=plan.status in PlannedRoom.OPEN,
        visibility=plan.visibility,
        starts_at=second(plan.starts_at),
        time_limit_seconds=plan.time_limit_seconds,
        planned_at=second(plan.planned_at),
        finished_at=second(plan.finished_at),
        room=plan.broadcast_id,
        by=plan.by_name,
        reason=plan.policy.code,
        vendor_code=plan.vendor_code,
        vendor_text=plan.vendor_text,
        advice=plans.advice(plan),
        audience_link=plans.audience_link(plan.room_id),
    )


class LimitAnswer(BaseModel):
    """Until when a RoomId may broadcast. ends_at: null while the host has not started."""

    room_id: str
    ends_at: int | None
    seconds: int | None
    extended: int
    version: int
    by: str
    reason: str


def of_limit(limit: TimeLimit) -> LimitAnswer:
    return LimitAnswer(
        room_id=limit.room_id,
        ends_at=second(limit.ends_at),
        seconds=limit.seconds,
        extended=limit.extended,
        version=limit.version,
        by=limit.by_name,
        reason=limit.policy.code,
    )


class BanAnswer(BaseModel):
    """A platform ban. until: null when it is permanent. by: who placed it, perhaps somebody else
    before you.
    """

    number: int
    account: str
    in_force: bool
    until: int | None
    by: str
    reason: str
    placed_at: int | None
    version: int


def of_ban(ban: Ban) -> BanAnswer:
    return BanAnswer(
        number=ban.pk,
        account=ban.account,
        in_force=ban.in_force,
        until=second(ban.until),
        by=ban.by_name,
        reason=ban.policy.code,
        placed_at=second(ban.created_at),
        version=ban.version,
    )


class Counted(BaseModel):
    """How many reports were new, and how many had been counted before."""

    new: int
    known: int


class ProblemAnswer(BaseModel):
    """RFC 9457: a request that was not carried out, in words."""

    class Fault(BaseModel):
        where: str
        words: str

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None
