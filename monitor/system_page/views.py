"""The System page. Thin: a guard, what is read, a template."""

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from moderation.audit import record_guard
from moderation.models import Action
from moderation.web.guards import may
from monitor.health import wording
from monitor.pages import queries
from monitor.system_page import history
from rooms.infra import processes
from rooms.live import system_history
from rooms.live.health import read as read_health
from rooms.webhooks import inbox


@may("moderation.watch_rooms")
def system(request: HttpRequest) -> HttpResponse:
    """How the installation does now, and how it did over `?range=`."""
    health, ages = read_health(), system_history.ages()
    context = {
        "health": health,
        "calls": system_history.budget_lines(health),
        "rooms": ages.rooms,
        "p95": ages.p95,
        "oldest": ages.oldest,
        "waiting": Action.objects.filter(status__in=Action.OPEN).select_related("room")[:50],
        "vendor": wording.vendor(health),
        "collector": wording.collector(health),
        "record": wording.record_guard(
            may_change=record_guard.role_may_rewrite(), database=connection.vendor
        ),
        "processes": processes.all_of_them(),
        "stores": queries.stores(),
        "webhooks": inbox.traffic(),
        "webhooks_are_on": bool(settings.LIVE_WEBHOOK_TOKEN),
    }
    return render(request, "monitor/system.html", context | history.of(asked_range(request)))


@may("moderation.watch_rooms")
def charts(request: HttpRequest) -> HttpResponse:
    """The charts alone."""
    return render(request, "monitor/_system_charts.html", history.of(asked_range(request)))


def asked_range(request: HttpRequest) -> str:
    return request.GET.get("range", "")
