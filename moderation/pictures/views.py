"""A kept picture. Thin: a guard, a row, an image."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from moderation.models import KeptStill
from moderation.web.guards import may


@may("moderation.watch_rooms")
def kept_still(request: HttpRequest, pk: int) -> HttpResponse:
    """It never changes, and is kept by this person's browser alone."""
    found = get_object_or_404(KeptStill, pk=pk)
    return HttpResponse(
        bytes(found.jpeg),
        content_type="image/jpeg",
        headers={"Cache-Control": "private, max-age=3600, immutable"},
    )
