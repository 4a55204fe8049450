"""The acts on rooms in one table: which permission each needs, which form, which address."""

from dataclasses import dataclass

from moderation.forms import MemberForm, ReasonForm, TimedMemberForm, WarnForm
from moderation.models import Action


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
    def url_name(self) -> str:
        return f"act-{self.name.replace('_', '-')}"


VERBS = {
    verb.name: verb
    for verb in (
        Verb("end", "moderation.end_stream", ReasonForm, "end"),
        Verb("warn", "moderation.warn_host", WarnForm, "warn"),
        Verb("mute", "moderation.mute_member", TimedMemberForm, "mute"),
        Verb("unmute", "moderation.mute_member", MemberForm, "unmute"),
        Verb("room_ban", "moderation.ban_from_room", TimedMemberForm, "ban"),
        Verb("room_unban", "moderation.ban_from_room", MemberForm, "unban"),
    )
}
