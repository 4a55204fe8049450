"""What the codes of the record are called on pages.

The record itself keeps the codes: they never change. `state_line` says of one act what a row
shows: its state, and the buttons that make sense now.
"""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from moderation.actions import verbs
from moderation.models import Action, Alert, BanRequest, PlannedRoom, RuleHit
from moderation.values import retold

VERBS: dict[str, str | Promise] = {
    **dict(Action.Verb.choices),
    "platform_ban": _("Platform ban"),
    "change_ban": _("Change ban"),
    "lift_ban": _("Lift ban"),
    "undo_ban": _("Undo ban"),
    "ban_expired": _("Ban expired"),
    "request_ban": _("Ask for a platform ban"),
    "grant_ban": _("Grant the ban"),
    "decline_ban": _("Decline the ban"),
    "show_stream_key": _("Stream key shown"),
    "log_in": _("Log in"),
    "log_out": _("Log out"),
    "change_password": _("Change password"),
    "undo_time": _("Time to undo"),
    "make_person": _("New account"),
    "change_person": _("Change account"),
    "edit_policy": _("Edit reason"),
    "set_limit": _("Time limit"),
    "extend_limit": _("Extend time"),
    "close_limit": _("Remove time limit"),
    "hold": _("Re-open block"),
    "lift_hold": _("Lift re-open block"),
    "hold_over": _("Re-open block expired"),
    "limit_starts": _("Time limit starts"),
    "limit_over": _("Time limit lapsed"),
    "make_rule": _("New rule"),
    "edit_rule": _("Change rule"),
    "edit_risk_weights": _("Change the weights of the risk"),
    "rules_off": _("Switch all rules off"),
    "rules_on": _("Switch the rules on again"),
    "raise_alert": _("Alert"),
    "close_alert": _("Close alert"),
    "reopen_alert": _("Open alert again"),
    "claim": _("Claim"),
    "release_claim": _("Claim released"),
    "note": _("Note"),
    "escalate": _("Escalate"),
    "make_token": _("New API token"),
    "revoke_token": _("Revoke API token"),
    "create_room": _("Create room"),
    "import_account": _("Import account"),
    "publish_on_start": _("Listed when the host started"),
    "share_view": _("Shared view"),
    "delete_view": _("Delete shared view"),
    "report_gifts": _("Gifts reported"),
    "report_labels": _("Labels reported"),
    "report_users": _("Reports from users passed on"),
    "prune": _("Old data deleted"),
    "enter_rooms": _("Entered rooms by the vendor's SDK"),
    "unlock": _("Log-in unlocked"),
}
OUTCOMES: dict[str, str | Promise] = {
    **dict(RuleHit.Outcome.choices),
    **dict(Action.Status.choices),
    **dict(Alert.Outcome.choices),
    **dict(PlannedRoom.Status.choices),
    **dict(BanRequest.State.choices),
    "may have arrived": _("may have arrived"),
    "hastened": _("ended at once"),
    "other reason": _("other reason"),
    "refused": _("refused"),
    "locked out": _("locked out"),
}

FIELDS: dict[str, str | Promise] = {
    "room_name": _("Name"),
    "notice": _("Notice"),
    "cover_url": _("Cover"),
    "categories": _("Categories"),
    "take_seat_mode": _("Seats"),
    "is_public_visible": _("Listed"),
    "is_message_disabled": _("Everybody muted"),
    "admins": _("Administrators"),
    "metadata": _("Metadata"),
}


def state(action: Action) -> str:
    """What has become of an act, as one says it."""
    kept = action.kept
    match action.status:
        case Action.Status.REQUESTED if action.attempts:
            tried = {"n": action.attempts, "text": retold.again(action.vendor_text)}
            return gettext("waiting, %(n)s tried: %(text)s") % tried
        case Action.Status.CALLING if action.verb == Action.Verb.END:
            return gettext("ending")
        case Action.Status.DONE if action.verb == Action.Verb.END and kept.get("reopened"):
            return gettext("ended; the host has opened a new broadcast")
        case Action.Status.DONE if action.verb == Action.Verb.END:
            return gettext("ended, verified") if kept.get("verified") else gettext("ended")
        case Action.Status.ALREADY if action.verb == Action.Verb.END:
            reopened = gettext("had already ended; the host has opened a new broadcast")
            return reopened if kept.get("reopened") else gettext("already ended")
        case Action.Status.FAILED:
            told_by_the_vendor = (action.vendor_code, retold.again(action.vendor_text))
            return " ".join(
                str(part) for part in (action.status_label, *told_by_the_vendor) if part
            )
    return action.status_label


@dataclass(frozen=True, slots=True)
class LineButton:
    """A button of a state line.

    label: its name for ears, with the room; act: how `static/js/keys.js` finds it; icon, hint (on
    hover) and key (on the keyboard): "" for none.
    """

    text: str
    label: str
    address: str
    icon: str = ""
    act: str = ""
    key: str = ""
    tone: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class StateLine:
    """What a row says of an act.

    tone: a class of the style sheet, "" for none. text may hold HTML. hint: on hover; None: that
    of the whole line. drains: the text runs out with the grace of an end. poll_seconds: when to
    ask again; 0: the state is final. retry: sent by a form, for it needs a key.
    """

    text: str
    icon: str = ""
    tone: str = ""
    hint: str | None = None
    drains: bool = False
    poll_seconds: int = 0
    buttons: tuple[LineButton, ...] = ()
    retry: LineButton | None = None


def state_line(action: Action, title: str) -> StateLine:
    """The line of an act on the room of this title."""
    verb, is_end = action.get_verb_display(), action.verb == Action.Verb.END
    poll_seconds = 3 if action.is_open else 10 if action.needs_verifying else 0
    match action.status:
        case Action.Status.REQUESTED if is_end and not action.attempts:
            text = gettext("ending in a moment")
            both = (_undo_button(action, title), _end_now_button(action, title))
            return StateLine(text, drains=True, poll_seconds=poll_seconds, buttons=both)
        case Action.Status.REQUESTED if action.attempts:
            text = f"{verb}: {state(action)}"
            return StateLine(text, "clock", "warn", poll_seconds=poll_seconds)
        case Action.Status.REQUESTED | Action.Status.CALLING:
            text = (gettext("ending") if is_end else verb) + "…"
            return StateLine(text, "circle-dashed", poll_seconds=poll_seconds)
        case Action.Status.UNKNOWN:
            text = f"{verb}: {state(action)}"
            return StateLine(text, "circle-dashed", "warn", poll_seconds=poll_seconds)
        case Action.Status.UNDONE:
            return StateLine(f"{verb}: {state(action)}", "undo-2", "muted")
        case Action.Status.FAILED:
            hint, retry = retold.again(action.vendor_text), _retry_button(action, title)
            text = f"{verb}: {state(action)}"
            return StateLine(
                text, "triangle-alert", hint=hint, poll_seconds=poll_seconds, retry=retry
            )
        case _ if is_end:
            return StateLine(state(action), "octagon-x", "is-off", poll_seconds=poll_seconds)
    text = format_html("{} <bdi>{}</bdi>", verb, action.account)
    if action.status == Action.Status.ALREADY:
        text = format_html("{}: {}", text, state(action))
    buttons = (_undo_button(action, title),) if action.offers_undo else ()
    return StateLine(text, "check", poll_seconds=poll_seconds, buttons=buttons)


def line_version(action: Action) -> str:
    """Another text whenever the line of an act has to be drawn anew."""
    found = action.kept
    verification = (found.get("verified", ""), found.get("reopened", ""))
    parts = (action.pk, action.status, action.attempts, action.offers_undo, *verification)
    return " ".join(str(part) for part in parts)


def _undo_button(action: Action, title: str) -> LineButton:
    undo = gettext("Undo")
    label = f"{undo}: {action.get_verb_display()} {action.account}, {title}"
    address = reverse("act-undo", args=[action.pk])
    return LineButton(undo, label, address, icon="undo-2", act="u", key="u")


def _end_now_button(action: Action, title: str) -> LineButton:
    text, address = gettext("End now"), reverse("act-now", args=[action.pk])
    return LineButton(text, f"{text}: {title}", address, act="now", tone="danger")


def _retry_button(action: Action, title: str) -> LineButton:
    address = reverse("act-retry", args=[action.pk])
    if action.is_unclear and action.verb == Action.Verb.WARN:
        text = gettext("Warn a second time")
        hint = gettext("The first warning may have been delivered. This would be a second one.")
        return LineButton(text, f"{text}: {title}", address, icon="rotate-ccw", hint=hint)
    text = gettext("Retry")
    label = f"{text}: {action.get_verb_display()} {action.account}, {title}"
    return LineButton(text, label, address, icon="rotate-ccw")


def sentence(action: Action, title: str) -> str:
    """The state of an act for ears: it names the act, the room and, where there is one, the
    member.
    """
    about = {
        "verb": action.get_verb_display(),
        "account": action.account,
        "room": title,
        "state": state(action),
    }
    if action.account:
        return gettext("%(verb)s, %(account)s in %(room)s: %(state)s") % about
    return gettext("%(verb)s, %(room)s: %(state)s") % about


def changed(action: Action) -> list[tuple[str, str, str]]:
    """What an act has changed: what it is called, how it was, how it was to become."""
    before = action.kept.get("before", {})
    if not isinstance(before, dict) or action.status not in Action.SUCCEEDED:
        return []
    after = verbs.VERBS[action.verb].handler.after(action, before)
    pairs = [(name, before[name], after[name]) for name in before if name in after]
    return [(str(FIELDS.get(n, n)), value_text(b), value_text(a)) for n, b, a in pairs if b != a]


def value_text(value: object) -> str:
    """A value of the vendor's, for people."""
    if value is None or value == "" or value == []:
        return "–"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, dict):
        return ", ".join(f"{key}: {value_text(item)}" for key, item in value.items())
    return str(value)


def verb(code: str) -> str:
    """An act in words; an unknown code as it stands."""
    return str(VERBS.get(code, code))


def outcome(code: str) -> str:
    """What became of it, in words; an unknown code as it stands."""
    return str(OUTCOMES.get(code, code))
