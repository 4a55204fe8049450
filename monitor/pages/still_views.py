"""Stills, as images and as what is known of them. Thin: a guard, one call, an answer."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _

from moderation.web.guards import may
from moderation.web.responses import refused
from monitor.pages.views import asked_rooms
from rooms.models import Room
from rooms.pictures import sources, uploads
from rooms.pictures import stills as kept

# The address of a still names it, so it never changes; it is kept by this person's browser alone.
FOR_EVER = f"private, max-age={kept.KEPT_SECONDS}, immutable"
ASK_AGAIN = "private, no-cache"


@may("moderation.watch_rooms")
def still(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest still of a room, 204 when there is none; `?v=<digest>`: as the page names it."""
    jpeg = kept.jpeg(pk)
    if jpeg is None:
        return HttpResponse(status=204, headers={"Cache-Control": ASK_AGAIN})
    digest = kept.digest_of(jpeg)
    named = request.GET.get("v") == digest
    answer = HttpResponse(
        jpeg,
        content_type="image/jpeg",
        headers={"Cache-Control": FOR_EVER if named else ASK_AGAIN, "ETag": f'"{digest}"'},
    )
    return get_conditional_response(request, etag=f'"{digest}"', response=answer) or answer


@may("moderation.watch_rooms", "POST")
def still_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """A tile that plays sends its picture; 204 whether or not this interval has one already."""
    found = sources.source()
    if found is None or found.kind != sources.TILE:
        return refused(request, _("Pictures of tiles are not set up."), status=404)
    get_object_or_404(Room.objects.live(), pk=pk)
    if not uploads.is_wanted(request.body):
        return refused(request, _("Send a JPEG of at most 24 kB."), status=422)
    uploads.put(pk, request.body)
    return HttpResponse(status=204)


@may("moderation.watch_rooms")
def stills(request: HttpRequest) -> HttpResponse:
    """pk -> what is known of its still, as in `data-still`; rooms without one are left out."""
    known = kept.known(asked_rooms(request))
    return JsonResponse({pk: " ".join(map(str, one)).strip() for pk, one in known.items()})
