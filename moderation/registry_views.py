"""The ban registry, the record, people and reason codes."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from moderation import audit, queries, requests
from moderation.access import PersonRequest, may, refused
from moderation.forms import AuditFilterForm, BanForm, ChangePersonForm, LiftForm, PersonForm, PolicyForm
from moderation.models import Ban, Policy
from moderation.roles import ROLE_NAMES, make_person, role_of, set_role

ROWS = 50


def paged(request: PersonRequest, rows: Any) -> dict[str, Any]:
    """A page of rows and the address of its neighbours without the page number."""
    query = request.GET.copy()
    query.pop("page", None)
    return {"page": Paginator(rows, ROWS).get_page(request.GET.get("page")), "query": query.urlencode()}


@may("moderation.view_ban")
def bans(request: PersonRequest) -> HttpResponse:
    search, state = request.GET.get("q", "").strip()[:128], request.GET.get("state", "force")
    rows = queries.bans(search=search, state=state)
    return render(request, "moderation/bans.html", paged(request, rows) | {"q": search, "state": state})


@may("moderation.place_platform_ban", "GET", "POST")
def ban_new(request: PersonRequest) -> HttpResponse:
    form = BanForm(
        request.POST or None, initial={name: request.GET.get(name, "") for name in ("account", "room")}
    )
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("account", "policy", "note", "room")}
        try:
            ban = requests.ban_account(by=request.user, until=form.until, **given)
        except requests.Refused as refusal:
            return refused(request, refusal.words, status=refusal.status)
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": reverse("ban", args=[ban.pk])})
        return redirect("ban", pk=ban.pk)
    return render(request, "moderation/ban_new.html", {"form": form}, status=422 if form.errors else 200)


@may("moderation.view_ban")
def ban(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Ban.objects.select_related("policy"), pk=pk)
    enforcements = found.enforcements.select_related("room")[:200]
    return render(
        request, "moderation/ban.html", {"ban": found, "enforcements": enforcements, "form": LiftForm()}
    )


@may("moderation.lift_platform_ban", "POST")
def ban_lift(request: PersonRequest, pk: int) -> HttpResponse:
    found, form = get_object_or_404(Ban, pk=pk), LiftForm(request.POST)
    if not form.is_valid():
        context = {
            "ban": found,
            "form": form,
            "enforcements": found.enforcements.select_related("room")[:200],
        }
        return render(request, "moderation/ban.html", context, status=422)
    try:
        requests.lift_ban(by=request.user, ban=found, note=form.cleaned_data["note"])
    except requests.Refused as refusal:
        return refused(request, refusal.words, status=refusal.status)
    return redirect("ban", pk=pk)


@may("moderation.view_audit")
def record(request: PersonRequest) -> HttpResponse:
    form = AuditFilterForm(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    context = paged(request, queries.audit_entries(filters))
    choices = queries.audit_choices() | {"reason": [policy.code for policy in Policy.objects.all()]}
    return render(
        request, "moderation/audit.html", context | {"form": form, "choices": choices, "filters": filters}
    )


@may("moderation.manage_people")
def people(request: PersonRequest) -> HttpResponse:
    found = get_user_model().objects.select_related("staff").prefetch_related("groups").order_by("username")
    rows = [(person, ROLE_NAMES.get(role_of(person), "")) for person in found]
    return render(request, "moderation/people.html", {"rows": rows})


@may("moderation.manage_people", "GET", "POST")
def person_new(request: PersonRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with transaction.atomic():
            made = make_person(given["username"], given["role"], given["password"])
            audit.record(
                by=request.user,
                verb="make_person",
                outcome="done",
                account=made.username,
                after={"role": given["role"]},
            )
        return redirect("people")
    return render(request, "moderation/person.html", {"form": form}, status=422 if form.errors else 200)


@may("moderation.manage_people", "GET", "POST")
def person(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(get_user_model(), pk=pk)
    before = {"role": role_of(found), "is_active": found.is_active}
    form = ChangePersonForm(request.POST or None, initial=before, person=found, by=request.user)
    if request.method == "POST" and form.is_valid():
        change_person(request, found, before, form.cleaned_data)
        return redirect("people")
    return render(
        request, "moderation/person.html", {"form": form, "person": found}, status=422 if form.errors else 200
    )


@transaction.atomic
def change_person(request: PersonRequest, person: Any, before: dict[str, Any], given: dict[str, Any]) -> None:
    """A new password ends the person's sessions; so does losing access."""
    person.is_active = given["is_active"]
    if given["password"]:
        person.set_password(given["password"])
    person.save()
    set_role(person, given["role"])
    after = {"role": given["role"], "is_active": given["is_active"], "new_password": bool(given["password"])}
    audit.record(
        by=request.user,
        verb="change_person",
        outcome="done",
        account=person.username,
        before=before,
        after=after,
    )


@may("moderation.edit_policies", "GET", "POST")
def policies(request: PersonRequest) -> HttpResponse:
    """All reason codes, one form each; a POST says which by `code`."""
    wanted = request.POST.get("code")
    rows = Policy.objects.order_by("key", "code")
    forms = [PolicyForm(request.POST if p.code == wanted else None, instance=p, prefix=p.code) for p in rows]
    sent = next((form for form in forms if form.is_bound), None)
    if sent is not None and sent.is_valid():
        with transaction.atomic():
            changed = {name: str(sent.cleaned_data[name]) for name in sent.changed_data}
            sent.save()
            audit.record(
                by=request.user, verb="edit_policy", outcome="done", reason=sent.instance.code, after=changed
            )
        return redirect("policies")
    return render(request, "moderation/policies.html", {"forms": forms}, status=422 if sent else 200)
