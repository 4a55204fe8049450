"""The omnibox: whatever is typed or pasted leads somewhere, with one Enter."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.http.request import validate_host
from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from moderation.core import known_accounts
from moderation.models import Ban
from moderation.profiles import timeline
from monitor.pages import pasted
from rooms import search
from rooms.search import Found
from rooms.text import fold

MAX_HITS = 12
LONGEST_TEXT = 1500  # of a complaint, pasted whole
MAX_ROOMS, MAX_PAST, MAX_ACCOUNTS, MAX_BANS = 8, 5, 3, 3
FITS = 82  # per cent: how like a page's name what was typed must be


Person = User | AnonymousUser


class Hit(NamedTuple):
    """A line of the omnibox. command: a word that a script carries out in place of an address."""

    kind: str
    label: str
    detail: str
    address: str
    command: str = ""


def find(text: str, user: Person) -> list[Hit]:
    """What fits, best first; at most MAX_HITS. user: decides which pages and bans are named."""
    text = text.replace("\x00", "").strip()[:LONGEST_TEXT]
    meant = called(text)  # what is called exactly so now, whatever the index in memory holds
    if (page := of_address(text)) is not None:
        return unique([*meant, page] if meant and not is_own(text) else [page, *meant])
    query = search.cleaned(text.removeprefix("/"))
    if not query:
        return pages(user)[:MAX_HITS]
    live = search.live.find(query, MAX_ROOMS)
    # What is live was meant, and not a slip of something past.
    is_known = bool(meant) or any(one.slips == 0 for one in live)
    past = search.past(query, MAX_PAST, with_slips=not is_known) if len(query) > 1 else []
    if meant:
        live = [one for one in live if one.slips == 0]
    hits = [of_room(one) for one in live]
    accounts = search.accounts([*live, *past], query)[:MAX_ACCOUNTS]
    people = [account_hit(account, name) for account, name in accounts]
    banned = banned_accounts(query) if user.has_perm("moderation.view_ban") else []
    named = [hit for hit in pages(user) if fits(query, hit.label)]
    exact = [
        hit for hit in [*hits, *people, *named] if query in (fold(hit.label), fold(hit.detail))
    ]
    whole = [hit for hit in meant if text in (hit.label, hit.detail)]
    ordered = [
        *whole,
        *exact,
        *hits,
        *meant,
        *people,
        *banned,
        *named,
        *(of_room(one) for one in past),
    ]
    return unique(ordered)


def unique(hits: list[Hit]) -> list[Hit]:
    return list({(hit.address, hit.command): hit for hit in hits}.values())[:MAX_HITS]


def called(text: str) -> list[Hit]:
    """The rooms and accounts that are exactly the text or a part of it, by the database and not by
    an index.
    """
    parts = pasted.parts(text)
    rooms = [of_room(one) for one in search.called(parts)]
    accounts = known_accounts.known(parts)[:MAX_ACCOUNTS]
    return [*rooms, *(account_hit(account, search.host_name(account)) for account in accounts)]


def of_room(found: Found) -> Hit:
    kind = _("live room") if found.is_live else _("past broadcast")
    detail = found.room_id if found.name else found.owner_name
    return Hit(kind, found.name or found.room_id, detail, reverse("room", args=[found.pk]))


def account_hit(account: str, name: str) -> Hit:
    return Hit(_("account"), name or account, account, timeline.address(account))


def banned_accounts(query: str) -> list[Hit]:
    found = Ban.objects.in_force().filter(folded__contains=query)[:MAX_BANS]
    return [Hit(_("ban"), ban.account, ban.by_name, reverse("ban", args=[ban.pk])) for ban in found]


def fits(query: str, label: str) -> bool:
    label = fold(label)
    return query in label or (len(query) > 2 and fuzz.ratio(query, label[: len(query) + 1]) >= FITS)


def pages(user: Person) -> list[Hit]:
    """The pages that this person may open, and what can be done without one."""
    return list(_pages(user))


def _pages(user: Person) -> Iterator[Hit]:
    watch = "moderation.watch_rooms"
    for name, label, permission in (
        ("rooms", _("Rooms"), watch),
        ("wall", _("Wall"), watch),
        ("queue", _("Queue"), watch),
        ("all-chat", _("Chat"), watch),
        ("chat-search", _("Search in chat"), watch),
        ("bans", _("Bans"), "moderation.view_ban"),
        ("audit", _("Audit log"), "moderation.view_audit"),
        ("coverage", _("Coverage"), watch),
        ("holds", _("Re-open blocks"), watch),
        ("rules", _("Automation rules"), "moderation.view_rules"),
        ("risk", _("Risk"), "moderation.view_risk_weights"),
        ("plans", _("Scheduled rooms"), "moderation.create_room"),
        ("ban-new", _("New ban"), "moderation.place_platform_ban"),
        ("people", _("People"), "moderation.manage_people"),
        ("policies", _("Reasons"), "moderation.edit_policies"),
        ("tokens", _("Tokens"), "moderation.manage_tokens"),
        ("system", _("System"), watch),
        ("preferences", _("Preferences"), watch),
    ):
        if user.has_perm(permission):
            yield Hit(_("page"), label, "", reverse(name))
    yield Hit(
        _("page"), _("Tour of the rooms not looked at for longest"), "", f"{reverse('wall')}?tour=1"
    )
    yield Hit(_("command"), _("Dark or light"), "t", "", "theme")
    yield Hit(_("command"), _("Keyboard shortcuts"), "?", "", "keys")
    yield Hit(_("command"), _("Log out"), "", "", "log-out")


# --- Pasted addresses -----------------------------------------------------------------------------


def of_address(text: str) -> Hit | None:
    """Where a pasted address leads: one of this console, or one that holds a RoomId by a template
    of the settings.
    """
    if not re.match(r"(https?://|/[a-z])", text) or len(text.split()) > 1:
        return None
    try:
        parts = urlsplit(text)
    except ValueError:  # of a host that is none
        return None
    for template in (settings.AUDIENCE_LINK, settings.HLS_URL):
        if room_id := room_of(template, text):
            return room_hit(room_id)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None
    if match.url_name in {None, "login", "logout"}:
        return None
    address = parts.path + (f"?{parts.query}" if parts.query else "")
    return Hit(_("address"), parts.path, "", address)


def is_own(text: str) -> bool:
    """Whether an address is of this console, and not of a platform that names its pages alike."""
    host = urlsplit(text).hostname
    return host is None or validate_host(host, settings.ALLOWED_HOSTS)


def room_of(template: str, text: str) -> str:
    """The RoomId in an address that was made by a template; "" when it was not."""
    if "{room_id}" not in template:
        return ""
    before, _mark, after = template.partition("{room_id}")
    pattern = (
        re.escape(before) + r"([^/?#]+?)" + re.escape(after) + (r"" if after else r"(?:[/?#].*)?")
    )
    found = re.fullmatch(pattern, text)
    return unquote(found[1]) if found else ""


def room_hit(room_id: str) -> Hit:
    """The newest broadcast under a RoomId, the live one first."""
    for found in search.called([room_id]):
        return of_room(found)
    return Hit(_("room"), room_id, _("not known here"), f"{reverse('rooms')}?q={quote(room_id)}")


def best(text: str, user: Person) -> str:
    """Where Enter leads without a script: the best fit, else the list filtered by the text."""
    hits = [hit for hit in find(text, user) if hit.address]
    return hits[0].address if hits else f"{reverse('rooms')}?q={quote(text.strip()[:100])}"
