"""The operations: thin.

A token with its scope, what is asked, one call of the function that the pages call too.
"""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Header, Query, Router, Status
from pydantic import BaseModel

from api import answers, bodies, once
from api.access import Token, TokenRequest
from api.lookup import (
    LARGEST,
    OfRoom,
    account_given,
    account_to_ban,
    accounts_given,
    actor,
    by_room,
    carried_out,
    fitting,
    live_room,
    moment,
    policy,
    the,
)
from api.problems import Problem
from moderation.actions import orders, queries
from moderation.actions.requests import ActionRequest
from moderation.audit import audit_log
from moderation.bans import registry
from moderation.lifecycle import limits
from moderation.models import Action, PlannedRoom
from moderation.provisioning import plans
from moderation.reports import reports
from rooms.ingest import gift_reports, labels
from rooms.models import Room
from rooms.text import trimmed

router = Router()
MAX_ROWS = 200
MAX_ROOMS_NAMED = 20  # in one entry of the record
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="one for each request that you mean anew; sent again, the request is not "
        "carried out twice",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
    ),
]


# --- Reading --------------------------------------------------------------------------------------


@router.get(
    "/rooms",
    response=answers.RoomsAnswer,
    auth=Token("rooms:read", "state", "room_id", "owner", "after", "limit"),
    url_name="rooms",
)
def list_rooms(
    request: TokenRequest,
    state: Annotated[str, Query(pattern="^(live|ended|all)$")] = "live",
    room_id: Annotated[
        str, Query(max_length=128, pattern=r"^[ -~]*$", description="this RoomId only")
    ] = "",
    owner: Annotated[
        str, Query(max_length=128, pattern=r"^[^\x00]*$", description="this host only")
    ] = "",
    after: Annotated[int, Query(ge=0, le=LARGEST, description="`next` of the page before")] = 0,
    limit: Annotated[int, Query(ge=1, le=MAX_ROWS)] = 50,
) -> answers.RoomsAnswer:
    """Broadcasts with their figures, each with its age. state: live, ended or all."""
    rooms = Room.objects.filter(pk__gt=after).order_by("pk")
    if state != "all":
        rooms = rooms.filter(ended_at__isnull=state == "live")
    if room_id:
        rooms = rooms.filter(room_id=room_id)
    if owner:
        rooms = rooms.filter(owner_account__in={owner, trimmed(owner)})
    found = list(rooms[: limit + 1])
    following = found[limit - 1].pk if len(found) > limit else None
    return answers.RoomsAnswer(
        rooms=[answers.of_room(room) for room in found[:limit]], next=following
    )


@router.get(
    "/rooms/{int:number}", response=answers.RoomAnswer, auth=Token("rooms:read"), url_name="room"
)
def one_room(request: TokenRequest, number: int) -> answers.RoomAnswer:
    """One broadcast by its number."""
    return answers.of_room(the(Room.objects.filter(pk=fitting(number))))


@router.get(
    "/rooms/{int:number}/acts",
    response=answers.ActsAnswer,
    auth=Token("rooms:read"),
    url_name="acts",
)
def acts_of_room(request: TokenRequest, number: int) -> answers.ActsAnswer:
    """The newest 50 orders on a broadcast, whoever gave them, newest first."""
    room = the(Room.objects.filter(pk=fitting(number)))
    return answers.ActsAnswer(
        acts=[answers.of_act(action) for action in queries.room_timeline(room)]
    )


@router.get(
    "/acts/{int:number}", response=answers.ActAnswer, auth=Token("rooms:read"), url_name="act"
)
def one_act(request: TokenRequest, number: int) -> answers.ActAnswer:
    """What became of an order."""
    return answers.of_act(
        the(Action.objects.select_related("room", "policy").filter(pk=fitting(number)))
    )


@router.get(
    "/plans/{int:number}", response=answers.PlanAnswer, auth=Token("rooms:read"), url_name="plan"
)
def one_plan(request: TokenRequest, number: int) -> answers.PlanAnswer:
    """What became of a room that was to be created."""
    return answers.of_plan(
        the(PlannedRoom.objects.select_related("policy").filter(pk=fitting(number)))
    )


# --- Creating, limiting, ending -------------------------------------------------------------------


@router.post(
    "/rooms", response={202: answers.PlanAnswer}, auth=Token("rooms:create"), url_name="rooms"
)
def create_room(request: TokenRequest, key: Key, asked: bodies.CreateAsked) -> Status[once.Answer]:
    """Creates a room at once, or at `starts_at`. Ask for the plan to learn what became of it."""

    def do(act: uuid.UUID) -> BaseModel:
        plan = plans.plan_room(
            asked.room(starts_at=moment(asked.starts_at)),
            by=actor(request),
            policy=policy(asked.reason, plans.REASONS),
            key=act,
            note=asked.note,
        )
        return answers.of_plan(plan)

    return Status(202, carried_out(request, key, "create", asked, do))


@router.post(
    "/plans/cancel", response=answers.PlanAnswer, auth=Token("rooms:create"), url_name="plan-cancel"
)
def cancel_plan(request: TokenRequest, key: Key, asked: bodies.CancelAsked) -> once.Answer:
    """Takes a planned room back while nothing was sent to the vendor."""

    def do(_act: uuid.UUID) -> BaseModel:
        plan = the(PlannedRoom.objects.select_related("policy").filter(pk=asked.plan))
        return answers.of_plan(plans.cancel(by=actor(request), plan=plan, note=asked.note))

    return carried_out(request, key, "cancel", asked, do)


@router.post("/limits", response=answers.LimitAnswer, auth=Token("limits:write"), url_name="limits")
def set_limit(request: TokenRequest, key: Key, asked: bodies.LimitAsked) -> once.Answer:
    """Limits the time of a RoomId, or changes its limit: give `ends_at` or `seconds`."""

    def do(_act: uuid.UUID) -> BaseModel:
        limit = limits.set_limit(
            by=actor(request),
            room_id=asked.room_id,
            policy=policy(asked.reason, plans.REASONS),
            ends_at=moment(asked.ends_at),
            seconds=asked.seconds,
            note=asked.note,
        )
        return answers.of_limit(limit)

    return carried_out(request, key, "limit", asked, do)


@router.post(
    "/limits/extend",
    response=answers.LimitAnswer,
    auth=Token("limits:write"),
    url_name="limit-extend",
)
def extend_limit(request: TokenRequest, key: Key, asked: bodies.ExtendAsked) -> once.Answer:
    """Moves the end of a RoomId's limit."""

    def do(_act: uuid.UUID) -> BaseModel:
        limit = limits.open_limit(asked.room_id)
        if limit is None:
            raise Problem(404, _("This RoomId has no time limit."))
        return answers.of_limit(
            limits.extend(
                by=actor(request),
                limit=limit,
                policy=policy(asked.reason),
                seconds=asked.seconds,
                version=asked.version,
                note=asked.note,
            )
        )

    return carried_out(request, key, "extend", asked, do)


@router.post(
    "/rooms/end", response={202: answers.ActAnswer}, auth=Token("rooms:end"), url_name="end"
)
def end_room(request: TokenRequest, key: Key, asked: bodies.EndAsked) -> Status[once.Answer]:
    """Ends the broadcast that goes on under a RoomId, without the grace that people have.

    Ask for the act to learn when the vendor has confirmed it."""

    def do(act: uuid.UUID) -> BaseModel:
        room = live_room(asked.room_id, asked.create_time)
        wanted = ActionRequest(
            verb=Action.Verb.END,
            room=room,
            policy=policy(asked.reason),
            key=act,
            note=asked.note,
            grace=0.0,
        )
        return answers.of_act(orders.submit(wanted, by=actor(request)))

    return Status(202, carried_out(request, key, "end", asked, do))


# --- Bans -----------------------------------------------------------------------------------------


@router.post("/bans", response=answers.BanAnswer, auth=Token("bans:write"), url_name="bans")
def ban(request: TokenRequest, key: Key, asked: bodies.BanAsked) -> once.Answer:
    """Bans an account from the platform: its rooms end, and it is banned from every room it is in.

    An account that is banned already keeps that ban, which is answered."""

    def do(act: uuid.UUID) -> BaseModel:
        account = account_to_ban(asked)
        until = None
        if asked.seconds is not None:
            until = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=asked.seconds)
        placed = registry.place(
            by=actor(request),
            account=account,
            policy=policy(asked.reason),
            until=until,
            note=asked.note,
            key=act,
        )
        return answers.of_ban(placed)

    return carried_out(request, key, "ban", asked, do)


@router.post(
    "/bans/lift", response=answers.BanAnswer, auth=Token("bans:write"), url_name="ban-lift"
)
def unban(request: TokenRequest, key: Key, asked: bodies.UnbanAsked) -> once.Answer:
    """Lifts the ban of an account, whoever placed it."""

    def do(_act: uuid.UUID) -> BaseModel:
        account = account_given(asked.account)
        found = queries.active_ban(account)
        if found is None:
            raise Problem(404, _("This account is not banned."))
        return answers.of_ban(registry.lift(by=actor(request), ban=found, note=asked.note))

    return carried_out(request, key, "unban", asked, do)


# --- Reports --------------------------------------------------------------------------------------


@router.post("/gifts", response=answers.Counted, auth=Token("gifts:report"), url_name="gifts")
def report_gifts(request: TokenRequest, key: Key, asked: bodies.GiftsAsked) -> once.Answer:
    """Adds coins and gifts to the totals of rooms, for platforms whose gifts do not run through the
    vendor. All of them are counted, or none: 404 when one is of a RoomId that was never seen."""

    def do(_act: uuid.UUID) -> BaseModel:
        new = 0
        for room, gifts in by_room(asked.gifts):
            reported = [
                gift_reports.Gift(key=gift.id, coins=gift.coins, gifts=gift.gifts) for gift in gifts
            ]
            new += gift_reports.store(room, reported, source=actor(request))
        note_report(request, "report_gifts", asked.gifts, new)
        return answers.Counted(new=new, known=len(asked.gifts) - new)

    return carried_out(request, key, "gifts", asked, do)


@router.post("/labels", response=answers.Counted, auth=Token("labels:report"), url_name="labels")
def report_labels(request: TokenRequest, key: Key, asked: bodies.LabelsAsked) -> once.Answer:
    """Reports what classifiers found; the rules decide what follows.

    All of them are stored, or none.
    """

    def do(_act: uuid.UUID) -> BaseModel:
        new = 0
        accounts = accounts_given(each.account for each in asked.labels if each.account)
        for room, found in by_room(asked.labels):
            reported = [
                labels.Label(
                    name=each.label,
                    score=each.score,
                    key=each.id,
                    account=accounts.get(each.account or "", ""),
                    at_ms=each.at_ms,
                    words=each.words,
                )
                for each in found
            ]
            new += len(labels.store(room, reported, source=actor(request)))
        note_report(request, "report_labels", asked.labels, new)
        return answers.Counted(new=new, known=len(asked.labels) - new)

    return carried_out(request, key, "labels", asked, do)


@router.post("/reports", response=answers.Counted, auth=Token("users:report"), url_name="reports")
def report_users(request: TokenRequest, key: Key, asked: bodies.ReportsAsked) -> once.Answer:
    """Passes on what users report of rooms, or of somebody in them: one open alert for each.

    All of them are stored, or none.
    """

    def do(_act: uuid.UUID) -> BaseModel:
        new = 0
        named = {each.account or "" for each in asked.reports} - {""}
        accounts = accounts_given(named | {each.reporter for each in asked.reports})
        for room, found in by_room(asked.reports):
            reported = [
                reports.Report(
                    key=each.id,
                    account=accounts.get(each.account or "", ""),
                    reporter=accounts[each.reporter],
                    category=each.category,
                    text=each.text,
                )
                for each in found
            ]
            new += reports.store(room, reported, source=actor(request))
        note_report(request, "report_users", asked.reports, new)
        return answers.Counted(new=new, known=len(asked.reports) - new)

    return carried_out(request, key, "reports", asked, do)


def note_report(request: TokenRequest, verb: str, reported: Sequence[OfRoom], new: int) -> None:
    """The record's entry of a report that changed something: how many, and of which rooms.

    A repetition changes nothing.
    """
    if new:
        rooms = sorted({each.room_id for each in reported})
        audit_log.record(
            by=actor(request),
            verb=verb,
            outcome="done",
            room_id=rooms[0] if len(rooms) == 1 else "",
            after={"new": new, "known": len(reported) - new, "rooms": rooms[:MAX_ROOMS_NAMED]},
        )
