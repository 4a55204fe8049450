"""Streaming by OBS: a robot on a seat streams for the host, its stream key is shown once, and can
be taken back.

The key holds a signature of the robot. It is made at the moment of showing and stored nowhere: not
in the act, not in the record, not in a log. Kicking the robot's account makes it useless, wherever
it has got to.
"""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from liveapi import Answer, Call, LiveApiError, LiveClient, commands, streaming
from liveapi.streaming import PushAddress
from moderation.actions.handlers import room_settings
from moderation.actions.handlers.base import Outcome, broadcast
from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.models import Action
from moderation.values.acts import Result
from rooms.infra import database_time, vendor
from rooms.infra.transactions import write_turn
from rooms.ingest.host_state import OBS_ROBOT
from rooms.models import Room

VERBS = frozenset({"obs_key", "obs_revoke"})
NICK = "OBS"
NO_ACCOUNT = 70107
# Locked, (in the list of codes only) taken, all taken, somebody is on it: another seat may be free,
# or none any more, which the next look says in words. https://trtc.io/zh/document/60718
SEAT_TAKEN = frozenset({100200, 100201, 100205, 100210})
ON_A_SEAT = frozenset({100203})
# Not a member, on no seat, no seat list: what was to be taken away is not there.
NOT_THERE = frozenset({100005, 100206, 100251})


def robot_of(room: Room) -> str:
    """The account that streams for the host."""
    return f"{OBS_ROBOT}{room.owner_account}"


def after(action: Action, before: Mapping[str, object]) -> dict[str, object]:
    """Nothing that was there is changed."""
    return {}


def check(verb: str, room: Room, arguments: Mapping[str, object]) -> None:
    """Raises LiveApiError(kind="invalid") when nobody can stream into this room by OBS."""
    if verb == Action.Verb.OBS_KEY:
        streaming.check(room.room_id, robot_of(room))


def key_out(room: Room) -> Action | None:
    """The stream key that is out for a broadcast: made, and not taken back since.

    Whether it was shown, its result says.
    """
    acts = Action.objects.filter(room=room, verb__in=VERBS, status__in=Action.SUCCEEDED)
    last = acts.order_by("-finished_at", "-pk").first()
    return last if last is not None and last.verb == Action.Verb.OBS_KEY else None


def precheck(client: LiveClient, action: Action) -> Outcome | None:
    """Chooses the seat, or finds the robot on one.

    A key is taken back whatever the room has become.
    """
    if action.verb == Action.Verb.OBS_REVOKE:
        standing = broadcast(client, action.room)
        action.keep(in_room=standing == "same")
        return None
    room_settings.same_broadcast(client, action)
    seats = client.call(commands.get_seat_list(action.room.room_id), lane="act").value
    if any(seat.account == action.account for seat in seats):
        return room_settings.already_applied(action)
    free = [seat.index for seat in seats if not seat.account and not seat.is_taken_disabled]
    if not free:
        words = _("no seat is free for the robot that streams: take somebody off a seat first")
        raise LiveApiError(words, kind="invalid")
    action.keep(seat=min(free))
    return None


def perform(client: LiveClient, action: Action) -> Outcome:
    """Brings the robot in and on its seat; or takes its signatures, its seat and the robot away."""
    answer = (
        bring(client, action) if action.verb == Action.Verb.OBS_KEY else take_away(client, action)
    )
    return Outcome(
        Action.Status.DONE, answer.request_id if answer else "", result=room_settings.kept(action)
    )


def bring(client: LiveClient, action: Action) -> Answer[None] | None:
    room_id, robot = action.room.room_id, action.account
    client.call(commands.account_import(robot, NICK), lane="act")
    client.call(commands.add_robot(room_id, [robot]), lane="act")
    try:
        return tolerant(
            client, commands.pick_user_on_seat(room_id, robot, action.kept["seat"]), ON_A_SEAT
        )
    except LiveApiError as error:
        if error.code in SEAT_TAKEN:
            error.retryable = True  # somebody sat down meanwhile: another seat may be free
        raise


def take_away(client: LiveClient, action: Action) -> Answer[None] | None:
    room_id, robot = action.room.room_id, action.account
    answer = tolerant(client, commands.kick(robot), {NO_ACCOUNT})
    if action.kept["in_room"]:
        tolerant(client, commands.kick_user_off_seat(room_id, robot), NOT_THERE)
        tolerant(client, commands.del_robot(room_id, [robot]), NOT_THERE)
    return answer


def tolerant(
    client: LiveClient, call: Call[None], codes: set[int] | frozenset[int]
) -> Answer[None] | None:
    """Makes a call that is right with these refusals too: then None."""
    try:
        return client.call(call, lane="act")
    except LiveApiError as error:
        if error.code in codes:
            return None
        raise


def show(*, by: Actor, action: Action) -> PushAddress | None:
    """The server and the stream key, once; None when the key was shown before, taken back or never
    made.

    That it was shown, and to whom, is in the record; the key is not. Raises LiveApiError when it
    cannot be made.
    """
    now, hours = int(database_time.unix()), settings.STREAM_KEY_HOURS
    address = streaming.push_address(
        vendor.config(),
        action.room.room_id,
        action.account,
        now=now,
        seconds=hours * 3600,
        server=settings.RTMP_SERVER,
    )
    shown = Result(
        shown_to=audit_log.actor_name(by),
        shown_at=database_time.now().isoformat(),
        valid_hours=hours,
    )
    with write_turn(priority=True):
        out = key_out(action.room)
        if out is None or out.pk != action.pk or "shown_at" in out.kept:
            return None
        unseen = Action.objects.filter(pk=out.pk, result__shown_at__isnull=True)
        if not unseen.update(result={**out.kept, **shown}):
            return None
        action.refresh_from_db()
        audit_log.record_action(
            action, by=by, verb="show_stream_key", outcome="done", before=action.status
        )
    return address
