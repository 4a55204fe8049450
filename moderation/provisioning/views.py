"""Rooms that the console creates: thin. A guard, a form, one call of `plans`, an answer."""

from django.forms import UUIDField, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liveapi import LiveApiError, commands
from moderation.core import room_fields
from moderation.core.errors import Refused
from moderation.core.room_fields import NewRoom
from moderation.models import PlannedRoom
from moderation.provisioning import plans as provisioning_plans
from moderation.provisioning import presentation
from moderation.provisioning import queries as provisioning_queries
from moderation.provisioning.forms import PlanForm
from moderation.web.forms import LiftForm
from moderation.web.guards import may
from moderation.web.pagination import page
from moderation.web.requests import PersonRequest
from moderation.web.responses import refused
from rooms.infra import vendor
from rooms.models import Room

CHECK_WAIT = 2.0  # seconds for a turn in the call budget: a person waits


def imported(account: str) -> bool | None:
    """Whether the vendor knows an account; None when it does not tell."""
    try:
        answer = (
            vendor.sync_client()
            .call(commands.account_check([account]), lane="act", wait=CHECK_WAIT)
            .value
        )
    except LiveApiError:
        return None
    return next((row.imported for row in answer if row.account == account), None)


@may("moderation.create_room")
def plan_list(request: PersonRequest) -> HttpResponse:
    state = request.GET.get("state", "")
    shown = state if state in provisioning_queries.STATES else "all"
    context = {
        "state": shown,
        "states": provisioning_queries.STATES,
        "now": provisioning_queries.counts(),
    }
    return render(
        request,
        "moderation/plans.html",
        context | {"page": page(provisioning_queries.listed(shown), request.GET)},
    )


@may("moderation.create_room", "GET", "HEAD", "POST")
def plan_new(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return form_page(request, PlanForm(initial=provisioning_queries.given(request.GET)))
    form = PlanForm(request.POST)
    if not form.is_valid():
        return form_page(request, form, status=422)
    # Asked before, so that nobody waits for a refusal; when the vendor does not tell, the creation
    # itself will.
    if (
        not form.cleaned_data["import_owner"]
        and imported(form.cleaned_data["owner_account"]) is False
    ):
        form.add_error(
            "import_owner",
            _("The vendor does not know this account yet. Import it, or correct it."),
        )
        return form_page(request, form, status=422)
    try:
        given = {name: form.cleaned_data[name] for name in ("policy", "key", "note")}
        plan = provisioning_plans.plan_room(form.room(), by=request.user, **given)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return form_page(request, form, status=refusal.status)
    return redirect("plan", pk=plan.pk)


def form_page(request: PersonRequest, form: PlanForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "seats": room_fields.LAYOUTS,
        "asks_import": bool(form.errors.get("import_owner")) or form["import_owner"].value(),
    }
    return render(request, "moderation/plan_new.html", context, status=status)


@may("moderation.create_room")
def plan_owner(request: PersonRequest) -> HttpResponse:
    """What the vendor says of the account that is being typed; asks whether to import a missing
    one.
    """
    account = request.GET.get("owner_account", "").strip()
    wrong = provisioning_plans.check(NewRoom(room_id="-", owner_account=account))
    is_imported = imported(account) if account and not wrong else None
    is_asked = bool(account) and not wrong
    context = {
        "account": account,
        "answer": presentation.owner_answer(is_imported) if is_asked else None,
        "offers_import": is_imported is False,
    }
    return render(request, "moderation/_plan_owner.html", context)


@may("moderation.create_room")
def plan(request: PersonRequest, pk: int) -> HttpResponse:
    return plan_page(request, found(pk), LiftForm())


def found(pk: int) -> PlannedRoom:
    return get_object_or_404(PlannedRoom.objects.select_related("policy", "broadcast"), pk=pk)


def plan_page(
    request: PersonRequest, plan: PlannedRoom, form: LiftForm, *, status: int = 200
) -> HttpResponse:
    return render(
        request,
        "moderation/plan.html",
        provisioning_queries.card(plan) | {"form": form},
        status=status,
    )


@may("moderation.create_room")
def plan_card(request: PersonRequest, pk: int) -> HttpResponse:
    """The card alone: fetched again while something is expected to happen."""
    return render(request, "moderation/_plan_card.html", provisioning_queries.card(found(pk)))


@may("moderation.create_room", "POST")
def plan_cancel(request: PersonRequest, pk: int) -> HttpResponse:
    plan, form = found(pk), LiftForm(request.POST)
    if not form.is_valid():
        return plan_page(request, plan, form, status=422)
    provisioning_plans.cancel(by=request.user, plan=plan, note=form.cleaned_data["note"])
    return redirect("plan", pk=pk)


@may("moderation.create_room", "POST")
def plan_retry(request: PersonRequest, pk: int) -> HttpResponse:
    try:
        key = UUIDField().clean(request.POST.get("key", ""))
    except ValidationError:
        return refused(request, _("The request lacks its key."), status=422)
    wants_import = request.POST.get("import_owner") == "on"
    again = provisioning_plans.retry(
        by=request.user, plan=found(pk), key=key, import_owner=wants_import
    )
    return redirect("plan", pk=again.pk)


@may("moderation.watch_rooms")
def plan_of_room(request: PersonRequest, pk: int) -> HttpResponse:
    """On the page of a broadcast that the console created: by whom, and whether it waits for its
    host.
    """
    plan = provisioning_queries.of_room(get_object_or_404(Room, pk=pk))
    context: dict[str, object] = provisioning_queries.card(plan) if plan else {}
    return render(request, "moderation/_plan_of_room.html", context)
