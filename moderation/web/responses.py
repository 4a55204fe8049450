"""What a view answers."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from moderation.web.requests import PersonRequest
from rooms.models import Room


def refused(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """A refusal in plain words: a fragment for htmx, a page for everybody else."""
    # A request that was refused before the middleware has none.
    is_part = getattr(request, "htmx", False)
    template = "moderation/_refused.html" if is_part else "moderation/refused.html"
    return render(request, template, {"words": words}, status=status)


def happened(events: Mapping[str, Any], answer: HttpResponse | None = None) -> HttpResponse:
    """Adds events that the page's scripts listen for to an answer to htmx; without one to a 204,
    which swaps nothing.
    """
    found = answer or HttpResponse(status=204)
    for name, about in events.items():
        trigger_client_event(found, name, about)
    return found


def redirected(request: PersonRequest, address: str) -> HttpResponse:
    """On to another page. To htmx it is a 204, for nothing is swapped before the browser goes."""
    if not request.htmx:
        return HttpResponseRedirect(address)
    answer = HttpResponseClientRedirect(address)
    answer.status_code = 204
    return answer


def acted(request: PersonRequest, room: Room, events: Mapping[str, Any]) -> HttpResponse:
    """After something was done about a room.

    To htmx: 204 with the events. To a plain browser: back to where it came from.
    """
    if request.htmx:
        return happened({"acted": {"room": room.pk, "action": None}, **events})
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return HttpResponseRedirect(target if safe else reverse("room", args=[room.pk]), status=303)
