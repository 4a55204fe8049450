"""The verbs: all acts on rooms in one table.

A new one is a row here, a value of Action.Verb and its handler.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from moderation.actions.forms import MemberForm, TimedMemberForm, WarnForm
from moderation.actions.handlers import members, room_lists, room_settings, stream_key
from moderation.actions.handlers.base import ActionHandler
from moderation.actions.setting_forms import AdminsForm, ChangeForm, EditForm, MetadataForm
from moderation.models import Action
from moderation.web.forms import ReasonForm


@dataclass(frozen=True, slots=True)
class VerbSpec:
    """permission: as in has_perm. path: how the address ends, /rooms/<pk>/<path>; its name is
    act-<slug>.

    handler: what it does at the vendor. help_text: what its form says. is_harmless: it takes
    nothing from anybody, so its button is not red. What takes it back is said by Action.OPPOSITE.
    """

    verb: Action.Verb
    permission: str
    form: type[ReasonForm]
    path: str
    handler: ActionHandler
    help_text: Promise
    is_harmless: bool = False

    @property
    def name(self) -> str:
        """As it is stored."""
        return self.verb.value

    @property
    def label(self) -> str:
        return str(self.verb.label)

    @property
    def url_name(self) -> str:
        return f"act-{self.name.replace('_', '-')}"

    @property
    def is_change(self) -> bool:
        """Whether it changes a room that goes on; the others are about its stream, its host and its
        members.
        """
        return self.handler is not members


Verb = Action.Verb
END_STREAM, WARN, MUTE = "moderation.end_stream", "moderation.warn_host", "moderation.mute_member"
BAN, EDIT = "moderation.ban_from_room", "moderation.edit_room"
QUARANTINE, STREAM_KEY = "moderation.quarantine_room", "moderation.stream_key"
TAKEN_BACK = _("Undone at once.")
VERBS = {
    spec.name: spec
    for spec in (
        VerbSpec(
            Verb.END,
            END_STREAM,
            ReasonForm,
            "end",
            members,
            _(
                "Everybody, the host included, is removed. This cannot be undone once it is sent. "
                "The host may open a room again unless banned."
            ),
        ),
        VerbSpec(
            Verb.WARN,
            WARN,
            WarnForm,
            "warn",
            members,
            _(
                "The host's app shows this text, if it supports such messages. The whole room "
                "receives it."
            ),
            is_harmless=True,
        ),
        VerbSpec(
            Verb.MUTE,
            MUTE,
            TimedMemberForm,
            "mute",
            members,
            _("Cannot write in this room's chat for that time. Voice is not affected."),
        ),
        VerbSpec(Verb.UNMUTE, MUTE, MemberForm, "unmute", members, TAKEN_BACK),
        VerbSpec(
            Verb.ROOM_BAN,
            BAN,
            TimedMemberForm,
            "ban",
            members,
            _(
                "Cannot enter this room until the ban ends. "
                "Other rooms stay open; a platform ban closes those."
            ),
        ),
        VerbSpec(Verb.ROOM_UNBAN, BAN, MemberForm, "unban", members, TAKEN_BACK),
        VerbSpec(
            Verb.EDIT,
            EDIT,
            EditForm,
            "edit",
            room_settings,
            _("Only what you change is sent. Everybody in the room sees it at once."),
            is_harmless=True,
        ),
        VerbSpec(
            Verb.MUTE_ALL,
            EDIT,
            ChangeForm,
            "mute-all",
            room_settings,
            _("Nobody but the host and the room's administrators can write in the chat."),
        ),
        VerbSpec(
            Verb.UNMUTE_ALL,
            EDIT,
            ChangeForm,
            "unmute-all",
            room_settings,
            TAKEN_BACK,
            is_harmless=True,
        ),
        VerbSpec(
            Verb.PUBLISH,
            EDIT,
            ChangeForm,
            "publish",
            room_settings,
            _("The platform's list shows it."),
            is_harmless=True,
        ),
        VerbSpec(
            Verb.HIDE,
            EDIT,
            ChangeForm,
            "hide",
            room_settings,
            _(
                "The platform's list does not show it. Whoever is in the room, or knows its "
                "RoomId, is not affected."
            ),
        ),
        VerbSpec(
            Verb.ADMINS,
            EDIT,
            AdminsForm,
            "admins",
            room_lists,
            _(
                "A room has at most five. They may mute and remove people in the app; "
                "they gain no rights here."
            ),
            is_harmless=True,
        ),
        VerbSpec(
            Verb.METADATA,
            EDIT,
            MetadataForm,
            "metadata",
            room_lists,
            _(
                "Everybody in the room can read metadata. Apps read it too: change only keys "
                "that you know."
            ),
            is_harmless=True,
        ),
        VerbSpec(
            Verb.QUARANTINE,
            QUARANTINE,
            ChangeForm,
            "quarantine",
            room_settings,
            _(
                "Hidden from the list, all muted, the host warned; the stream goes on. "
                "Somebody then decides to release it or to end it."
            ),
        ),
        VerbSpec(
            Verb.RELEASE,
            QUARANTINE,
            ChangeForm,
            "release",
            room_settings,
            _("The list and the chat are restored to their state before the quarantine."),
            is_harmless=True,
        ),
        VerbSpec(
            Verb.OBS_KEY,
            STREAM_KEY,
            ChangeForm,
            "obs-key",
            stream_key,
            _(
                "A robot takes a free seat and streams what OBS sends. The key is then shown "
                "once, and can be revoked."
            ),
            is_harmless=True,
        ),
        VerbSpec(
            Verb.OBS_REVOKE,
            STREAM_KEY,
            ChangeForm,
            "obs-revoke",
            stream_key,
            _("The key stops working wherever it is, the stream from OBS ends, the robot leaves."),
        ),
    )
}
