"""The acts on rooms in one table: which permission each needs, which form, which address."""

from dataclasses import dataclass

from moderation.actions.forms import MemberForm, TimedMemberForm, WarnForm
from moderation.actions.setting_forms import AdminsForm, ChangeForm, EditForm, MetadataForm
from moderation.models import Action
from moderation.web.forms import ReasonForm


@dataclass(frozen=True, slots=True)
class Verb:
    """permission: as in has_perm. word: how the address ends, /rooms/<pk>/<word>; its name is act-<slug>."""

    name: str
    permission: str
    form: type[ReasonForm]
    word: str

    @property
    def label(self) -> str:
        return str(Action.Verb(self.name).label)

    @property
    def is_harmless(self) -> bool:
        """Whether it takes nothing from anybody: its button is not red."""
        return self.name in HARMLESS

    @property
    def url_name(self) -> str:
        return f"act-{self.name.replace('_', '-')}"


HARMLESS = frozenset({"edit", "unmute_all", "publish", "admins", "metadata", "release", "obs_key"})
VERBS = {
    verb.name: verb
    for verb in (
        Verb("end", "moderation.end_stream", ReasonForm, "end"),
        Verb("warn", "moderation.warn_host", WarnForm, "warn"),
        Verb("mute", "moderation.mute_member", TimedMemberForm, "mute"),
        Verb("unmute", "moderation.mute_member", MemberForm, "unmute"),
        Verb("room_ban", "moderation.ban_from_room", TimedMemberForm, "ban"),
        Verb("room_unban", "moderation.ban_from_room", MemberForm, "unban"),
        Verb("edit", "moderation.edit_room", EditForm, "edit"),
        Verb("mute_all", "moderation.edit_room", ChangeForm, "mute-all"),
        Verb("unmute_all", "moderation.edit_room", ChangeForm, "unmute-all"),
        Verb("publish", "moderation.edit_room", ChangeForm, "publish"),
        Verb("hide", "moderation.edit_room", ChangeForm, "hide"),
        Verb("admins", "moderation.edit_room", AdminsForm, "admins"),
        Verb("metadata", "moderation.edit_room", MetadataForm, "metadata"),
        Verb("quarantine", "moderation.quarantine_room", ChangeForm, "quarantine"),
        Verb("release", "moderation.quarantine_room", ChangeForm, "release"),
        Verb("obs_key", "moderation.stream_key", ChangeForm, "obs-key"),
        Verb("obs_revoke", "moderation.stream_key", ChangeForm, "obs-revoke"),
    )
}
