"""Requests for a platform ban: thin. A guard, a form, one call of `requests`, an answer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from moderation.alerts.views import closed
from moderation.bans import requests
from moderation.bans.forms import AskForm
from moderation.models import Alert, BanRequest
from moderation.web import toasts
from moderation.web.forms import LiftForm
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import happened

ASK = "moderation.request_platform_ban"
DECIDE = "moderation.place_platform_ban"


@may(ASK, "GET", "POST")
def ban_request_new(request: PersonRequest) -> HttpResponse:
    """Asks for a platform ban; ?account, ?room and ?alert say of whom, where and why."""
    names = ("account", "room", "about", "alert", "policy")
    initial = {name: request.GET.get(name, "") for name in names}
    form = AskForm(request.POST or None, initial=initial)
    if request.method != "POST" or not form.is_valid():
        template = "_ban_request_form.html" if request.htmx else "ban_request_new.html"
        status = 422 if request.method == "POST" else 200
        return render(request, f"moderation/{template}", {"form": form}, status=status)
    asked = requests.ask(by=request.user, **form.cleaned_data)
    alert: Alert | None = form.cleaned_data["alert"]
    if not request.htmx:
        return redirect("queue")
    message = _("Ban administrators are asked to ban %(account)s.") % {"account": asked.account}
    if asked.asked_by_id != request.user.pk:
        message = _("%(who)s has asked for this ban already.") % {"who": asked.asked_by_name}
    events = {"acted": {"room": asked.room_id, "action": None}}  # it closes the dialog
    return closed(request, happened(events, announced(asked, message)), alert)


@may(DECIDE, "GET", "POST")
def ban_request_decline(request: PersonRequest, pk: int) -> HttpResponse:
    """Declines a request, after its form."""
    asked = get_object_or_404(BanRequest.objects.select_related("policy", "room"), pk=pk)
    form = LiftForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        template = "_ban_request_decline.html" if request.htmx else "ban_request_decline.html"
        status = 422 if request.method == "POST" else 200
        context = {"form": form, "asked": asked}
        return render(request, f"moderation/{template}", context, status=status)
    requests.decline(by=request.user, asked=asked, note=form.cleaned_data["note"])
    if not request.htmx:
        return redirect("queue")
    message = _("The ban of %(account)s is declined.") % {"account": asked.account}
    return happened({"closed": {"alerts": [asked.item]}}, announced(asked, message))


def announced(asked: BanRequest, message: str) -> HttpResponse:
    """Word of it to every part of the page that shows the queue, and in a toast."""
    toast: toasts.Toast = {"text": toasts.naming(message, asked.account), "undo": ""}
    return happened({"alerts": {}, "toast": toast})
