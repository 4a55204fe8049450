"""The wall, and the way into a room's picture. Thin: a guard, a page's data, a template."""

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from moderation.core.roles import code_name
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import refused
from monitor.listing import chips
from monitor.pages import admissions, video_sources
from monitor.pages.wall import Wall, shown
from monitor.realtime import presence
from rooms.models import Room


@may("moderation.watch_rooms")
def wall(request: PersonRequest) -> HttpResponse:
    """The wall; for htmx only its changing part."""
    tiles = shown(Wall.read(request.GET), request.user.pk, request.GET.get("fit", ""))
    if tiles["wall"].tour:
        presence.announce(
            request.user.pk, code_name(request.user), [row.facts.pk for row in tiles["rows"]]
        )
    context = tiles | {"patrol_minutes": settings.PATROL_MINUTES, "is_wall": True}
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "monitor/_wall.html", context | {"is_swap": True})
    known = chips.counts()
    shown_chips = chips.shown(known, tiles["filters"].only, request.user.pk)
    context |= {"chips": shown_chips, "labels": known.labels}
    return render(request, "monitor/wall.html", context)


@may("moderation.watch_rooms")
def picture(request: PersonRequest, pk: int) -> HttpResponse:
    """What a tile needs to enter the room by the vendor's SDK; see
    monitor.pages.video_sources.admission.
    """
    if settings.PICTURE_SOURCE != "trtc":
        return refused(request, _("Pictures by the vendor's SDK are not set up."), status=404)
    room = get_object_or_404(Room.objects.live(), pk=pk)
    if not admissions.take(request.user.pk):
        return refused(request, _("Too many pictures in a minute. Wait a little."), status=429)
    try:
        admission = video_sources.admission(room, request.user.pk, request.GET.get("tile", ""))
    except ValueError:
        return refused(request, _("Give the tile."), status=422)
    admissions.note(request.user)
    return JsonResponse(admission, headers={"Cache-Control": "no-store"})
