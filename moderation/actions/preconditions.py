"""What must be so before a room is changed. Refused says why not."""

from django.utils.translation import gettext as _

from moderation.actions.handlers import room_settings, stream_key
from moderation.core.attribution import Attribution, attribution
from moderation.core.errors import Refused
from moderation.models import Action, Ban
from moderation.values.acts import Release
from rooms.infra import json_values
from rooms.models import Room


def require_live(room: Room) -> None:
    """Raises Refused when the broadcast is over, and says who ended it when it was one of us."""
    if room.is_live:
        return
    end = Action.objects.filter(
        room=room, verb=Action.Verb.END, status__in=Action.SUCCEEDED
    ).first()
    if end is None or end.finished_at is None:
        raise Refused(_("This broadcast has ended."))
    raise Refused(
        _("This broadcast has ended: by %(who)s at %(time)s.")
        % attribution(end.by_name, end.finished_at)
    )


def may_change(verb: str, room: Room) -> None:
    """Raises Refused when the state of a room stands in the way of a change."""
    if verb != Action.Verb.OBS_REVOKE:  # a key is worth taking back whatever the room has become
        require_live(room)
    must_not_open(verb, room)
    must_not_weaken(verb, room, room.owner_account)
    if verb == Action.Verb.RELEASE and quarantine_of(room) is None:
        raise Refused(_("This room is not in quarantine."))
    out = stream_key.key_out(room) if verb == Action.Verb.OBS_KEY else None
    if out is not None:  # of two nobody would know which of them streams
        raise Refused(
            _("A stream key exists already, created by %(who)s at %(time)s. Revoke it first.")
            % who_and_when(out)
        )


def who_and_when(action: Action) -> Attribution:
    return attribution(action.by_name, action.requested_at)


def quarantine_of(room: Room) -> Action | None:
    """The quarantine that a broadcast is in: the last that succeeded, unless a release has
    succeeded since.
    """
    acts = Action.objects.filter(
        room=room,
        verb__in=[Action.Verb.QUARANTINE, Action.Verb.RELEASE],
        status__in=Action.SUCCEEDED,
    )
    last = acts.order_by("-finished_at", "-pk").first()
    return last if last is not None and last.verb == Action.Verb.QUARANTINE else None


def must_not_open(verb: str, room: Room) -> None:
    """Raises Refused when a change would open, or close again, a room that is in quarantine or
    about to be.
    """
    if verb not in {Action.Verb.PUBLISH, Action.Verb.UNMUTE_ALL, Action.Verb.QUARANTINE}:
        return
    quarantine = quarantine_of(room)
    if quarantine is None and verb != Action.Verb.QUARANTINE:
        quarantine = Action.objects.filter(
            room=room, verb=Action.Verb.QUARANTINE, status__in=Action.OPEN
        ).first()
    if quarantine is not None:
        words = _("This room is in quarantine, by %(who)s since %(time)s. Release it, or end it.")
        raise Refused(words % who_and_when(quarantine))


def must_not_weaken(verb: str, room: Room, account: str) -> None:
    """Raises Refused for what would take back in a room what a platform ban in force does there,
    whichever way it is asked.

    An unban or unmute of a banned account, and the release of a banned host's room.
    """
    weakens = verb in {Action.Verb.ROOM_UNBAN, Action.Verb.UNMUTE, Action.Verb.RELEASE}
    if weakens and account and Ban.objects.in_force().filter(account=account).exists():
        raise Refused(_("A platform ban is the cause. Lift that ban instead."))


def state_before(quarantine: Action | None) -> dict[str, object]:
    """What a release makes of the room: as it was before, listed and open for what nobody knows."""
    before = json_values.read(Release, quarantine.kept.get("before") if quarantine else None)
    usual = Release(**room_settings.OPEN)
    return json_values.write(usual) | json_values.write(before)
