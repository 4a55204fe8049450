"""Patrol coverage.

Thin: a guard, what is asked for, a page. Those who may not see everybody see their own line.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from moderation.patrol import coverage
from moderation.web.guards import may
from moderation.web.requests import PersonRequest

CHOICES = (8, 24, 72, 168)


def asked_hours(request: HttpRequest) -> int:
    """Of CHOICES; nonsense counts as the first."""
    text = request.GET.get("hours", "")
    return (
        int(text)
        if text.isascii() and text.isdigit() and len(text) < 4 and int(text) in CHOICES
        else CHOICES[0]
    )


@may("moderation.watch_rooms")
def page(request: PersonRequest) -> HttpResponse:
    count = asked_hours(request)
    name = "" if request.user.has_perm("moderation.view_coverage") else request.user.get_username()
    context = coverage.page(count, name=name)
    context |= {"count": count, "choices": CHOICES}
    return render(request, "moderation/coverage.html", context)


@may("moderation.view_coverage")
def table(request: PersonRequest) -> HttpResponse:
    """The looks as CSV."""
    headers = {
        "Content-Disposition": 'attachment; filename="looks.csv"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(
        coverage.table(asked_hours(request)),
        content_type="text/csv; charset=utf-8",
        headers=headers,
    )
