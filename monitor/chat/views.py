"""The pages of all chat. Thin: a guard, the lines, a template."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from monitor.chat import feed, searching
from monitor.realtime.protocol import EVERY_ROOM

WRITING_NAMES = {
    "latin": _("Latin"),
    "han": _("Han (Chinese)"),
    "kana": _("Kana (Japanese)"),
    "hangul": _("Hangul (Korean)"),
    "cyrillic": _("Cyrillic"),
    "arabic": _("Arabic"),
    "thai": _("Thai"),
    "devanagari": _("Devanagari"),
    "other": pgettext_lazy("writing", "Other"),
    "none": _("No letters"),
}


@may("moderation.watch_rooms")
def chat(request: PersonRequest) -> HttpResponse:
    """The feed; its script fetches the lines."""
    context = {
        "filters": feed.Filters.read(request.GET),
        "every_room": EVERY_ROOM,
        "writings": WRITING_NAMES,
        "rules": feed.rules_for(request.user),
        "is_told": bool(settings.LIVE_WEBHOOK_TOKEN),
    }
    return render(request, "monitor/chat.html", context)


@may("moderation.watch_rooms")
def search(request: PersonRequest) -> HttpResponse:
    """Stored lines that fit, newest first."""
    asked = searching.Asked.read(request.GET)
    context = {"asked": asked, "days": settings.KEEP_CHAT_DAYS} | searching.page(asked)
    return render(request, "monitor/chat_search.html", context)


@may("moderation.watch_rooms")
def lines(request: PersonRequest) -> JsonResponse:
    """What fits of the newest lines, `?after=` a line's primary key; see monitor.chat.feed."""
    after = request.GET.get("after", "")
    is_number = after.isascii() and after.isdigit() and len(after) < 19
    found = feed.lines(
        feed.Filters.read(request.GET),
        int(after) if is_number else 0,
        feed.rules_for(request.user),
    )
    return JsonResponse(found)
