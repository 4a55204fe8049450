"""The queue of alerts: thin. A guard, a form, one call of `alerts`, an answer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.alerts.forms import CloseForm
from moderation.models import Alert
from moderation.web import toasts
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import happened, refused
from rooms.infra import database_time


@may("moderation.watch_rooms")
def queue(request: PersonRequest) -> HttpResponse:
    """The open alerts, most urgent first, and the last ones that were closed."""
    context = {
        "alerts": alerts.open_ones(),
        "count": alerts.count(),
        "closed": alerts.lately_closed(),
        "now": database_time.now(),
    }
    return render(request, "moderation/queue.html", context)


@may("moderation.watch_rooms")
def queue_count(request: PersonRequest) -> HttpResponse:
    """The mark beside the link to the queue, and the newest urgent alert, for those who hear the
    page.
    """
    urgent = alerts.count(alerts.MAX_SEVERITY)
    context = {
        "count": alerts.count(),
        "urgent": urgent,
        "newest": alerts.newest_urgent() if urgent else None,
    }
    return render(request, "moderation/_queue_count.html", context)


@may("moderation.handle_alert", "POST")
def alert_close(request: PersonRequest, pk: int) -> HttpResponse:
    alert = get_object_or_404(Alert.objects.select_related("room"), pk=pk)
    alerts.named([alert])
    form = CloseForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Choose handled or dismissed."), status=422)
    alerts.close(by=request.user, alert=alert, **form.cleaned_data)
    if request.htmx:
        about = {
            "title": alert.headline,
            "room": alert.room.title,
            "outcome": alert.get_outcome_display(),
        }
        toast = {
            "text": toasts.naming(_("%(title)s, %(room)s: %(outcome)s") % about, alert.account),
            "undo": "",
        }
        return happened({"alerts": {}, "toast": toast})
    return redirect("queue")
