"""The queue. Thin: a guard, what is asked for, a page or a part of it."""

from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import ngettext

from moderation.alerts import alerts
from moderation.alerts.views import HANDLE
from moderation.core.errors import Refused
from moderation.models import Alert, BanRequest
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import happened
from moderation.workbench import case, closing, items, requested
from moderation.workbench.filters import AGES, Filters, rule_choices
from moderation.workbench.forms import SeveralForm, numbers
from rooms.infra import database_time

WATCH = "moderation.watch_rooms"
SELECTION = "moderation/_queue_selection_form.html"


@may(WATCH)
def queue(request: PersonRequest) -> HttpResponse:
    """The list, and beside it ?alert=<number>, else the first of the list."""
    filters, person = Filters.read(request.GET), request.user
    listed = items.listing(filters, person)
    asked_for = requested.waiting(filters, person)
    chosen = known_again(request.GET.get("alert", ""), person)
    shown = next(iter([*chosen, *asked_for[:1], *listed.first]), None)
    context = {
        "filters": filters,
        "rules": rule_choices(filters.rule, requested.number(person)),
        "ages": AGES,
        "groups": listed.groups,
        "requests": asked_for,
        "shown": len(asked_for) + listed.shown,
        "count": len(asked_for) + listed.count,
        "closed": items.lately_closed(),
        "now": database_time.now(),
        "is_chosen": bool(chosen),
        "selected": shown.item if shown else "",
    }
    if shown is not None:
        context |= case_of(request, shown)
    return render(request, "moderation/queue.html", context)


def known_again(given: str, person: User) -> list[Alert | BanRequest]:
    """What the page calls "12,r3", as it is now."""
    pks = numbers(given)
    found = items.known_again(pks) if pks else []
    return [*requested.known_again(given, person), *found]


def case_of(request: PersonRequest, shown: Alert | BanRequest) -> dict[str, object]:
    if isinstance(shown, BanRequest):
        return requested.case_of(shown)
    return of_alert(request, shown)


def of_alert(request: PersonRequest, alert: Alert) -> dict[str, object]:
    may_see_bans = request.user.has_perm("moderation.view_ban")
    return case.of_alert(alert, with_bans=may_see_bans) | {"now": database_time.now()}


@may(WATCH)
def queue_rows(request: PersonRequest) -> HttpResponse:
    """The rows of ?known=12,r3 as they are now, and how many more there are."""
    given, person = request.GET.get("known", ""), request.user
    known, filters = numbers(given), Filters.read(request.GET)
    asked_for = requested.known_again(given, person)
    more = items.unknown(filters, person, known) + requested.unknown(filters, person, asked_for)
    context = {
        "filters": filters,
        "rows": items.known_again(known),
        "requests": asked_for,
        "more": more,
        "now": database_time.now(),
    }
    return render(request, "moderation/_queue_rows.html", context)


@may(WATCH)
def queue_alert(request: PersonRequest, pk: int) -> HttpResponse:
    """What stands beside the list when this alert is selected."""
    alert = get_object_or_404(Alert.objects.select_related("room", "closed_with"), pk=pk)
    alerts.named([alert])
    return render(request, "moderation/_queue_case.html", of_alert(request, alert))


@may(requested.DECIDE)
def queue_request(request: PersonRequest, pk: int) -> HttpResponse:
    """The same for a request for a ban."""
    asked = get_object_or_404(BanRequest.objects.select_related("policy", "room"), pk=pk)
    return render(request, "moderation/_queue_request.html", requested.case_of(asked))


@may(WATCH)
def queue_count(request: PersonRequest) -> HttpResponse:
    """The mark beside the link to the queue, and the newest urgent alert, for those who hear the
    page.
    """
    urgent = alerts.count(alerts.MAX_SEVERITY)
    context = {
        "count": alerts.count() + (requested.number(request.user) or 0),
        "urgent": urgent,
        "newest": alerts.newest_urgent() if urgent else None,
    }
    return render(request, "moderation/_queue_count.html", context)


@may(HANDLE, "GET", "POST")
def queue_close(request: PersonRequest) -> HttpResponse:
    """Closes the selected alerts, after its form."""
    given = request.POST if request.method == "POST" else request.GET
    pks = numbers(given.get("alerts", ""))
    asks_count = closing.asks_count(len(pks))
    if request.method != "POST":
        initial = {"alerts": given.get("alerts", ""), "outcome": given.get("outcome", "")}
        return selection_form(request, SeveralForm(initial=initial, asks_count=asks_count), pks)
    form = SeveralForm(given, asks_count=asks_count)
    if not form.is_valid():
        return selection_form(request, form, pks, status=422)
    asked = dict(form.cleaned_data)
    chosen, count = asked.pop("alerts"), asked.pop("count", None)
    try:
        said = closing.close(by=request.user, chosen=chosen, count=count, **asked)
    except Refused as refusal:
        form.add_error("count" if asks_count else None, refusal.message)
        return selection_form(request, form, pks, status=refusal.status)
    return told(request, said, with_undo=True)


def selection_form(
    request: PersonRequest, form: SeveralForm, pks: list[int], status: int = 200
) -> HttpResponse:
    template = SELECTION if request.htmx else "moderation/queue_close.html"
    outcome = form["outcome"].value()
    context = {"form": form, "number": len(pks), "is_handled": outcome == Alert.Outcome.HANDLED}
    return render(request, template, context, status=status)


@may(HANDLE, "POST")
def queue_reopen(request: PersonRequest) -> HttpResponse:
    """Opens ?alerts=<numbers> again, those that the person has closed."""
    pks = numbers(request.GET.get("alerts", ""))
    chosen = Alert.objects.filter(pk__in=pks).select_related("room")
    return told(request, closing.reopen(by=request.user, chosen=chosen), with_undo=False)


def told(request: PersonRequest, said: closing.Done, *, with_undo: bool) -> HttpResponse:
    """What became of several alerts."""
    if not request.htmx:
        return redirect("queue")
    number, pks = len(said.done), [alert.pk for alert in said.done]
    if with_undo:
        words = ngettext("%(n)d alert is closed.", "%(n)d alerts are closed.", number)
    else:
        words = ngettext("%(n)d alert is open again.", "%(n)d alerts are open again.", number)
    parts = [words % {"n": number}, *dict.fromkeys(said.refused)]
    listed = urlencode({"alerts": ",".join(map(str, pks))})
    undo = f"{reverse('queue-reopen')}?{listed}" if with_undo and pks else ""
    toast = {"text": " ".join(parts), "undo": undo}
    events: dict[str, object] = {"alerts": {}, "toast": toast}
    return happened(events | ({"closed": {"alerts": pks}} if with_undo else {}))
