"""Closes alerts and opens them again. Thin: a guard, a form, one call of `alerts`, an answer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.alerts.forms import CloseForm
from moderation.models import Alert
from moderation.web import toasts
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import happened, refused

HANDLE = "moderation.handle_alert"


@may(HANDLE, "POST")
def alert_close(request: PersonRequest, pk: int) -> HttpResponse:
    alert = named_alert(pk)
    form = CloseForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Choose handled or dismissed."), status=422)
    alerts.close(by=request.user, alert=alert, **form.cleaned_data)
    if not request.htmx:
        return redirect("queue")
    undo = reverse("alert-reopen", args=[alert.pk])
    answer = told(alert, _("%(title)s, %(room)s: %(outcome)s"), undo=undo)
    return closed(request, answer, alert)


@may(HANDLE, "POST")
def alert_reopen(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes back that it was closed."""
    alert = alerts.reopen(by=request.user, alert=named_alert(pk))
    if not request.htmx:
        return redirect("queue")
    answer = told(alert, _("%(title)s, %(room)s: open again"))
    return happened({"reopened": {"alert": alert.pk}}, answer)


def named_alert(pk: int) -> Alert:
    alert = get_object_or_404(Alert.objects.select_related("room"), pk=pk)
    return alerts.named([alert])[0]


def told(alert: Alert, words: str, undo: str = "") -> HttpResponse:
    """What became of an alert, to every part of the page that shows alerts, and in a toast."""
    about = {
        "title": alert.headline,
        "room": alert.room.title,
        "outcome": alert.get_outcome_display(),
    }
    toast: toasts.Toast = {"text": toasts.naming(words % about, alert.account), "undo": undo}
    return happened({"alerts": {}, "toast": toast})


def closed(
    request: PersonRequest, answer: HttpResponse, alert: Alert | None, *others: str
) -> HttpResponse:
    """The answer to what has closed an alert, or others that wait in the queue, with word of it for
    the queue's script.
    """
    items = [*others, *([alert.pk] if alert else [])]
    if not items or not request.htmx:
        return answer
    return happened({"alerts": {}, "closed": {"alerts": items}}, answer)
