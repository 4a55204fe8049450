"""Time limits: until when a RoomId may broadcast. Setting one, moving it, and taking it off.

A limit is about a RoomId and outlives the broadcast that it was set for: what is opened under the
RoomId after its end is ended again, until the limit is moved or taken off. Every change is one
transaction with its entry. Raises Refused in words for people.
"""

import datetime as dt
from collections.abc import Iterator, Mapping

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from moderation.audit import audit_log
from moderation.audit.audit_log import Actor
from moderation.core.errors import Refused
from moderation.models import Policy, TimeLimit
from rooms.infra import database_time
from rooms.infra.transactions import write_turn
from rooms.live import push
from rooms.models import Room

MIN_SECONDS = 60
MAX_SECONDS = 30 * 86400
MAX_LIMITS = 500  # limits of one look
# The warnings to the host: minutes before the end, the earliest first.
WARNINGS = (5, 1)


def set_limit(
    *,
    by: Actor,
    room_id: str,
    policy: Policy,
    ends_at: dt.datetime | None = None,
    seconds: int | None = None,
    note: str = "",
    version: int | None = None,
) -> TimeLimit:
    """Limits a RoomId: until a time, or to `seconds` from the host's start, whichever is given.

    An open limit of the RoomId is changed; `version` is then the one that the person saw. The same
    limit set twice is one. A host who has not started yet starts the clock of `seconds`.
    """
    room_id = room_id.strip()
    if not room_id:
        raise Refused(_("Give a room."), status=422)
    if (ends_at is None) == (seconds is None):
        raise Refused(_("Give either a time or a length."), status=422)
    known = open_limit(room_id)
    if known is not None and is_same(known, ends_at, seconds):
        return known
    if seconds is not None:
        must_be_a_length(seconds)
        ends_at = end_by_start(room_id, seconds)
    must_lie_ahead(ends_at)
    fields = {
        "seconds": seconds,
        "ends_at": ends_at,
        "policy": policy,
        "warned_minutes": None,
        "note": note,
    }
    if known is not None:
        return _changed(
            by=by,
            limit=known,
            verb="set_limit",
            version=version,
            policy=policy,
            note=note,
            changes=fields,
        )
    try:
        with write_turn(priority=True):
            limit = TimeLimit.objects.create(
                room_id=room_id,
                by=None if isinstance(by, str) else by,
                by_name=audit_log.actor_name(by)[:150],
                **fields,
            )
            record(limit, by=by, verb="set_limit", policy=policy, note=note)
    except IntegrityError:
        raise Refused(
            _("Somebody else limited this room at the same moment. Check it, then try again.")
        ) from None
    return limit


def extend(
    *,
    by: Actor,
    limit: TimeLimit,
    policy: Policy,
    seconds: int,
    version: int | None = None,
    note: str = "",
) -> TimeLimit:
    """Moves the end of a limit by `seconds`, counted from now when it has passed already.

    `version` is the one that was seen: a repeated form, or two people at once, do not extend twice.
    """
    must_be_a_length(seconds)
    more = dt.timedelta(seconds=seconds)
    now = database_time.now()
    fields: dict[str, object] = {"extended": F("extended") + 1, "warned_minutes": None}
    if limit.ends_at is None:
        length = (limit.seconds or 0) + seconds
        must_be_a_length(length)
        fields["seconds"] = length
    else:
        ends_at = max(limit.ends_at, now) + more
        must_lie_ahead(ends_at)
        fields["ends_at"] = ends_at
    return _changed(
        by=by,
        limit=limit,
        verb="extend_limit",
        version=limit.version if version is None else version,
        policy=policy,
        note=note,
        changes=fields,
    )


def close(*, by: Actor, limit: TimeLimit, note: str) -> TimeLimit:
    """Takes a limit off: the RoomId may broadcast as long as it likes."""
    if not note.strip():
        raise Refused(_("Explain why the limit is removed."), status=422)
    return _closed(by=by, limit=limit, verb="close_limit", note=note)


def let_go(limit: TimeLimit) -> TimeLimit:
    """Closes a limit that has been over for so long that it no longer keeps its RoomId off."""
    return _closed(by="system:time-limit", limit=limit, verb="limit_over", note="")


def open_limit(room_id: str) -> TimeLimit | None:
    """The limit of a RoomId, over or not, until it is closed."""
    return (
        TimeLimit.objects.select_related("policy").filter(room_id=room_id, closed_at=None).first()
    )


def end_by_start(room_id: str, seconds: int) -> dt.datetime | None:
    """When a broadcast that goes on has had its seconds; None while its host has not started."""
    started = (
        Room.objects.live()
        .filter(room_id=room_id, host_started_at__isnull=False)
        .values_list("host_started_at", flat=True)
        .first()
    )
    if started is None:
        return None
    return dt.datetime.fromtimestamp(started, dt.UTC) + dt.timedelta(seconds=seconds)


def is_same(limit: TimeLimit, ends_at: dt.datetime | None, seconds: int | None) -> bool:
    """Whether a limit is already what is asked for."""
    if seconds is not None:
        return limit.seconds == seconds and not limit.extended
    return limit.ends_at == ends_at


def must_be_a_length(seconds: int) -> None:
    if not MIN_SECONDS <= seconds <= MAX_SECONDS:
        raise Refused(_("A limit is between 1 minute and 30 days."), status=422)


def must_lie_ahead(ends_at: dt.datetime | None) -> None:
    """Raises Refused for an end that would end the room this moment: for that there is End
    stream.
    """
    if ends_at is None:
        return
    if ends_at <= database_time.now():
        raise Refused(
            _("That time has passed already. End the stream, or choose a later time."), status=422
        )
    if ends_at > database_time.now() + dt.timedelta(seconds=MAX_SECONDS):
        raise Refused(_("A limit is between 1 minute and 30 days."), status=422)


def _changed(
    *,
    by: Actor,
    limit: TimeLimit,
    verb: str,
    version: int | None,
    policy: Policy,
    note: str,
    changes: Mapping[str, object],
) -> TimeLimit:
    with write_turn(priority=True):
        seen = TimeLimit.objects.filter(pk=limit.pk, closed_at=None)
        before = seen.first()
        if before is None:
            raise Refused(_("This limit was removed in the meantime."))
        if version is not None:
            seen = seen.filter(version=version)
        if not seen.update(version=F("version") + 1, **changes):
            raise Refused(_("Somebody has changed this limit meanwhile. Look at it again."))
        limit.refresh_from_db()
        record(limit, by=by, verb=verb, policy=policy, note=note, before=state(before))
    return limit


def _closed(*, by: Actor, limit: TimeLimit, verb: str, note: str) -> TimeLimit:
    with write_turn(priority=True):
        still_open = TimeLimit.objects.filter(pk=limit.pk, closed_at=None)
        closed_by = {
            "closed_at": database_time.now(),
            "closed_by_name": audit_log.actor_name(by)[:150],
        }
        if not still_open.update(version=F("version") + 1, **closed_by):
            raise Refused(_("This limit was removed in the meantime."))
        before = state(limit)
        limit.refresh_from_db()
        record(limit, by=by, verb=verb, policy=limit.policy, note=note, before=before)
    return limit


def record(
    limit: TimeLimit,
    *,
    by: Actor,
    verb: str,
    policy: Policy,
    note: str,
    before: dict[str, object] | None = None,
) -> None:
    """The entry of a change, with the broadcast that goes on under the RoomId; and its page is
    told.
    """
    room = Room.objects.filter(room_id=limit.room_id).order_by("create_time", "pk").last()
    audit_log.record(
        by=by,
        verb=verb,
        outcome="done",
        room_pk=room.pk if room else None,
        room_id=limit.room_id,
        room_name=room.name if room else "",
        account=room.owner_account if room else "",
        reason=policy.code,
        note=note,
        before=before or {},
        after=state(limit),
    )
    if room is not None:
        pk = room.pk
        transaction.on_commit(lambda: push.publish_act(pk, 0))


def state(limit: TimeLimit) -> dict[str, object]:
    """What an entry tells of a limit: {"ends_at": ISO time or None, "seconds": int or None,
    "closed": bool}.
    """
    return {
        "ends_at": limit.ends_at.isoformat() if limit.ends_at else None,
        "seconds": limit.seconds,
        "closed": limit.closed_at is not None,
    }


def with_rooms(which: Q) -> Iterator[tuple[TimeLimit, Room]]:
    """Open limits with the broadcasts that go on under their RoomIds."""
    found = list(
        TimeLimit.objects.filter(which, closed_at=None).select_related("policy")[:MAX_LIMITS]
    )
    rooms = {
        room.room_id: room
        for room in Room.objects.live().filter(room_id__in=[x.room_id for x in found])
    }
    for limit in found:
        if limit.room_id in rooms:
            yield limit, rooms[limit.room_id]
