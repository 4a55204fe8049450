"""Publish on start: a room created hidden becomes visible when its host is seen streaming.

A sign is a hint until REST has told it again: the seat list is read before the order is given, and
the card says which sign was used. What a person did comes first: a room that somebody listed is
left alone, one in quarantine waits.
"""

import datetime as dt
import logging
import uuid

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liveapi import LiveApiError, LiveClient
from moderation.actions import orders as actions_orders
from moderation.actions import preconditions
from moderation.actions.requests import ActionRequest
from moderation.core import broker
from moderation.core.errors import Refused
from moderation.core.leases import release_db_connection
from moderation.models import Action, PlannedRoom
from moderation.provisioning import plans as provisioning_plans
from rooms import signals
from rooms.infra import database_time, vendor
from rooms.ingest import host_events, host_state
from rooms.live import demand
from rooms.models import Room

logger = logging.getLogger(__name__)
ACTOR = "system:publish-on-start"
HOST, OBS, PERSON = "host on a seat", "OBS robot on a seat", "listed by a person"
HOSTS_WANTED = 60  # seconds for which seats are read without webhooks; renewed by the sweep
TRIED_LATELY = dt.timedelta(seconds=60)  # an order that was given up is given anew after this
# seconds in which an order is usually done: then the card can say so; the sweep comes later
SETTLED_AFTER = 1.0
MAX_PLANS = 200


def connect() -> None:
    """Receive the signals of `rooms`."""
    signals.host_changed.connect(
        on_host_changed, dispatch_uid="moderation.provisioning.publish_on_start.host_changed"
    )


def on_host_changed(sender: object, room: Room, **_: object) -> None:
    """A host took a seat: the room that waits for it is looked at by a worker, so that no fact
    waits for the vendor.
    """
    if room.host_state == Room.HostState.SEATED:
        for pk in waiting().filter(broadcast=room).values_list("pk", flat=True):
            broker.enqueue_publishing(pk)


def waiting() -> QuerySet[PlannedRoom]:
    """Plans whose broadcast goes on and is to become visible when its host starts."""
    return PlannedRoom.objects.filter(
        visibility=PlannedRoom.Visibility.ON_START,
        published_at=None,
        broadcast__isnull=False,
        broadcast__ended_at=None,
    )


def publish(plan_id: int) -> Action | None:
    """Orders that a waiting room is listed, if its host streams by what REST tells now.

    Otherwise changes nothing.
    """
    plan = waiting().select_related("broadcast", "policy").filter(pk=plan_id).first()
    if plan is None or plan.broadcast is None or is_settled(plan, plan.broadcast):
        return None
    if preconditions.quarantine_of(plan.broadcast) is not None or tried_lately(plan.broadcast):
        return None
    release_db_connection()
    try:
        sign = sign_of(vendor.sync_client(), plan.broadcast)
    except LiveApiError as error:
        logger.warning("plan %s: whether the host streams could not be read: %s", plan.pk, error)
        return None
    if not sign:
        return None
    note = _("the host started: %(sign)s") % {"sign": words_of(sign)}
    try:
        request = ActionRequest(
            verb=Action.Verb.PUBLISH,
            room=plan.broadcast,
            policy=plan.policy,
            key=uuid.uuid4(),
            note=note,
        )
        action = actions_orders.submit(request, by=ACTOR)
    except Refused as refusal:
        logger.warning("plan %s is not listed: %s", plan.pk, refusal.message)
        return None
    PlannedRoom.objects.filter(pk=plan.pk, published_at=None).update(published_sign=sign)
    broker.enqueue_publishing(plan.pk, delay=SETTLED_AFTER)
    return action


def sign_of(client: LiveClient, room: Room) -> str:
    """The sign of streaming that the vendor gives now; "" for none. Raises LiveApiError."""
    reading = host_events.read_host(client, room, "act")
    if reading.state != Room.HostState.SEATED:
        return ""
    account = host_state.on_seat(room.owner_account, reading.seats, reading.robots)
    return OBS if account == host_state.obs_robot(room.owner_account) else HOST


def orders(room: Room) -> QuerySet[Action]:
    """What was ordered for a broadcast here, newest first."""
    return Action.objects.filter(room=room, verb=Action.Verb.PUBLISH, by_name=ACTOR)


def tried_lately(room: Room) -> bool:
    """Whether an order is under way, or was given up or taken back just now."""
    last = orders(room).first()
    return last is not None and (
        last.is_open or last.requested_at > database_time.now() - TRIED_LATELY
    )


def is_settled(plan: PlannedRoom, room: Room) -> bool:
    """Whether the room is visible by now, which is written down: by our order, or because a person
    listed it.
    """
    done = orders(room).filter(status__in=Action.SUCCEEDED).first()
    if done is None and not room.is_public_visible:
        return False
    sign = plan.published_sign if done else PERSON
    at = (done and done.finished_at) or database_time.now()
    if waiting().filter(pk=plan.pk).update(published_at=at, published_sign=sign):
        plan.refresh_from_db()
        provisioning_plans.record(
            plan, by=ACTOR, verb="publish_on_start", outcome="done", sign=sign
        )
    return True


def sweep() -> int:
    """Plans whose room became visible are closed, those whose host is seen are looked at; how many
    wait.
    """
    plans = list(waiting().select_related("broadcast", "policy").order_by("pk")[:MAX_PLANS])
    for plan in plans:
        room = plan.broadcast
        if room is None or is_settled(plan, room):
            continue
        if room.host_state == Room.HostState.SEATED and not tried_lately(room):
            broker.enqueue_publishing(plan.pk)
    if plans:
        demand.want_hosts(HOSTS_WANTED)
    return len(plans)


def words_of(sign: str) -> str:
    """A sign in the reader's language; an unknown one as it stands."""
    return {
        HOST: _("the host is on a seat"),
        OBS: _("OBS streams on a seat"),
        PERSON: _("somebody listed it"),
    }.get(sign, sign)
