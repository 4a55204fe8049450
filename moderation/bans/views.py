"""The ban registry and the record: thin. A guard, a form, one call of `registry`, an answer."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.actions import queries
from moderation.alerts.views import closed
from moderation.audit.forms import AuditFilterForm
from moderation.bans import registry
from moderation.bans.forms import BanForm, ChangeBanForm
from moderation.core import unseen
from moderation.core.attribution import attribution
from moderation.core.errors import Refused
from moderation.models import Ban
from moderation.values.undo_time import offered_for
from moderation.web import toasts
from moderation.web.forms import LiftForm
from moderation.web.guards import may
from moderation.web.pagination import page
from moderation.web.requests import PersonRequest
from moderation.web.responses import happened, redirected
from rooms.infra import database_time
from rooms.models import Room

# What a link may fill in of the form.
FILLED = ("account", "room", "alert", "policy", "note")
CHANGE_IDS = "id_change_%s"  # two forms on one page, whose fields have the same names


@may("moderation.view_ban")
def bans(request: PersonRequest) -> HttpResponse:
    search = request.GET.get("q", "").replace("\x00", "").strip()[:128]
    state = request.GET.get("state", "force")
    rows = queries.bans(search=search, state=state)
    return render(
        request,
        "moderation/bans.html",
        {"page": page(rows, request.GET), "q": search, "state": state},
    )


@may("moderation.place_platform_ban", "GET", "POST")
def ban_new(request: PersonRequest) -> HttpResponse:
    form = BanForm(
        request.POST or None,
        initial={name: request.GET.get(name, "") for name in FILLED},
    )
    if request.method == "POST" and form.is_valid():
        accounts = form.cleaned_data["account"]
        named = [] if form.is_sure else unseen.looked_up(accounts)
        if len(named) > 1 or not all(one.is_seen for one in named):
            return ban_form(request, form, named=named, sure="\n".join(accounts))
        given = {name: form.cleaned_data[name] for name in ("policy", "note", "room", "key")}
        if len(accounts) > 1:
            return several_placed(request, accounts, until=form.until, **given)
        alert = form.cleaned_data["alert"]
        given |= {"account": accounts[0], "alert": alert}
        ban = registry.place(by=request.user, until=form.until, **given)
        answer = placed(request, ban, form.cleaned_data["room"])
        return closed(request, answer, alert, *(asked.item for asked in ban.requests.all()))
    return ban_form(request, form, status=422 if form.errors else 200)


def ban_form(
    request: PersonRequest, form: BanForm, *, status: int = 200, **more: object
) -> HttpResponse:
    """The form, or (named, sure) the preview that asks for the second yes; a dialog's inside for
    htmx.
    """
    template = "moderation/_ban_form.html" if request.htmx else "moderation/ban_new.html"
    return render(request, template, {"form": form} | more, status=status)


def several_placed(
    request: PersonRequest, accounts: list[str], *, key: uuid.UUID, **given: Any
) -> HttpResponse:
    """A ban for each, with a key of its own that follows from the form's; then the registry, with
    what was refused.
    """
    count = 0
    for account in accounts:
        try:
            registry.place(by=request.user, account=account, key=uuid.uuid5(key, account), **given)
            count += 1
        except Refused as refusal:
            messages.warning(request, ": ".join((account, refusal.message)))
    messages.success(request, _("Accounts banned now: %(count)s.") % {"count": count})
    return redirected(request, reverse("bans"))


def placed(request: PersonRequest, ban: Ban, room: Room | None) -> HttpResponse:
    """To a dialog over the rooms: 204 and what happened as events.

    Else: on to the ban's own page.
    """
    values = attribution(ban.by_name, ban.created_at, dated=True)
    is_other = ban.by_name != request.user.get_username()
    other = _("%(who)s was first at %(time)s: this is that ban.") % values if is_other else ""
    if request.htmx and room is not None:
        words = other or _("%(account)s is banned from the platform.") % {"account": ban.account}
        text = toasts.naming(words, ban.account, room.title)
        toast = {"text": text, "undo": "" if other else reverse("ban-undo", args=[ban.pk])}
        events = {"acted": {"room": room.pk}, "toast": toast}
        return happened(events)
    if other:
        messages.warning(request, other)
    return redirected(request, reverse("ban", args=[ban.pk]))


def ban_page(
    request: PersonRequest, ban: Ban, *, status: int = 200, **forms: LiftForm | ChangeBanForm
) -> HttpResponse:
    """A ban with what can be done to it. `form` lifts it, `change_form` moves its end."""
    context = {
        "ban": ban,
        "rooms": queries.enforcement(ban),
        "entries": queries.ban_history(ban),
        "form": LiftForm(),
        "change_form": ChangeBanForm(ban=ban, auto_id=CHANGE_IDS),
        "offers_undo": ban.in_force
        and ban.version == 1
        and database_time.now() - ban.created_at < offered_for(request.user),
    }
    return render(request, "moderation/ban.html", context | forms, status=status)


@may("moderation.view_ban")
def ban(request: PersonRequest, pk: int) -> HttpResponse:
    return ban_page(request, get_object_or_404(Ban.objects.select_related("policy"), pk=pk))


@may("moderation.place_platform_ban", "POST")
def ban_change(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Ban.objects.select_related("policy"), pk=pk)
    form = ChangeBanForm(request.POST, ban=found, auto_id=CHANGE_IDS)
    if not form.is_valid():
        return ban_page(request, found, status=422, change_form=form)
    given = {name: form.cleaned_data[name] for name in ("version", "note")}
    registry.change(by=request.user, ban=found, until=form.until, **given)
    return redirect("ban", pk=pk)


@may("moderation.lift_platform_ban", "POST")
def ban_lift(request: PersonRequest, pk: int) -> HttpResponse:
    found, form = (
        get_object_or_404(Ban.objects.select_related("policy"), pk=pk),
        LiftForm(request.POST),
    )
    if not form.is_valid():
        return ban_page(request, found, status=422, form=form)
    registry.lift(by=request.user, ban=found, note=form.cleaned_data["note"])
    return redirect("ban", pk=pk)


@may("moderation.lift_platform_ban", "POST")
def ban_undo(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Ban.objects.select_related("policy"), pk=pk)
    registry.undo(by=request.user, ban=found)
    if request.htmx:
        words = _("The ban of %(account)s is undone.") % {"account": found.account}
        events = {"toast": {"text": words, "undo": ""}}
        return happened(events)
    return redirect("ban", pk=pk)


@may("moderation.view_audit")
def record(request: PersonRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    form.is_valid()
    filters = form.cleaned_data  # what is valid of it; the page says what is not
    entries = queries.audit_entries(filters)
    context = {"page": page(entries, request.GET), "count": entries.count()}
    choices = [
        (name, form.fields[name].label, values) for name, values in queries.audit_choices().items()
    ]
    return render(
        request,
        "moderation/audit.html",
        context | {"form": form, "choices": choices, "filters": filters},
    )
