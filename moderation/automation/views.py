"""Rules, their switch and their dry runs: thin.

A guard, a form, one call of `rulebook` or `dryruns`, an answer.
"""

import datetime as dt

from django.conf import settings
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from moderation.automation import dry_runs, engine, presentation, rulebook, words
from moderation.automation.forms import DryRunForm, KindForm, RuleForm, SwitchForm
from moderation.core.long_reads import one_a_person
from moderation.models import Rule, RuleHit
from moderation.tuning import figures
from moderation.values.evidence import CHAT
from moderation.web.guards import may
from moderation.web.pagination import page
from moderation.web.requests import PersonRequest
from moderation.web.responses import refused
from rooms.infra import database_time


@may("moderation.view_rules")
def rules(request: PersonRequest) -> HttpResponse:
    """All rules with what they did in the last 24 hours, and the switch for all."""
    own = RuleHit.objects.filter(rule=OuterRef("pk"))
    today = (
        own.filter(at__gt=database_time.now() - dt.timedelta(hours=24)).order_by().values("rule")
    )
    found = Rule.objects.select_related("policy").annotate(
        # A question each, which the index of a rule's hits answers: there are few rules, and may be
        # many hits.
        found=Coalesce(Subquery(today.annotate(n=Count("pk")).values("n")), 0),
        acted=Coalesce(
            Subquery(today.filter(outcome__in=engine.FINAL).annotate(n=Count("pk")).values("n")), 0
        ),
        last=Subquery(own.order_by("-at").values("at")[:1]),
    )
    periods = {days: figures.of_rules(days) for days in figures.PERIODS}
    context = {
        "rules": found,
        "switch": rulebook.switch(),
        "tuning": presentation.tuning(found, periods),
        "mostly_dismissed": [
            rule for rule in found if rule.slug in figures.mostly_dismissed(periods[30])
        ],
    }
    return render(request, "moderation/rules.html", context)


@may("moderation.edit_rules", "POST")
def rules_switch(request: PersonRequest) -> HttpResponse:
    form = SwitchForm(request.POST)
    if not form.is_valid():
        return refused(request, str(next(iter(form.errors.values()))[0]), status=422)
    rulebook.switch_all(
        by=request.user, off=bool(form.cleaned_data["off"]), note=form.cleaned_data["note"]
    )
    return redirect("rules")


@may("moderation.edit_rules", "GET", "POST")
def rule_new(request: PersonRequest) -> HttpResponse:
    """A new rule for words or labels, off at first: it can run dry before it is switched on."""
    asked = KindForm(request.POST or request.GET)
    kind = asked.cleaned_data["kind"] if asked.is_valid() else Rule.Kind.WORDS
    draft = Rule(kind=kind, act=Rule.Act.ALERT)
    form = RuleForm(request.POST or None, rule=draft)
    if request.method == "POST" and form.is_valid():
        made = rulebook.make(by=request.user, kind=kind, **form.as_fields)
        return redirect("rule", made.slug)
    context = {"form": form, "rule": draft, "kinds": asked.fields["kind"].choices}  # type: ignore[attr-defined]
    return render(request, "moderation/rule_new.html", context, status=422 if form.errors else 200)


@may("moderation.view_rules")
def rule(request: PersonRequest, slug: str) -> HttpResponse:
    """A rule: its form for whoever may change it, a dry run, and what it found."""
    found = get_object_or_404(Rule.objects.select_related("policy"), slug=slug)
    return rule_page(request, found, RuleForm(rule=found))


def rule_page(
    request: PersonRequest, rule: Rule, form: RuleForm, *, status: int = 200
) -> HttpResponse:
    hits = RuleHit.objects.filter(rule=rule).select_related("room", "action")
    context = {
        "rule": rule,
        "form": form,
        "dry": DryRunForm(),
        "switch": rulebook.switch(),
        "is_ban": rule.kind in rulebook.BANS,
        "acts_unverified": is_unverified(rule),
        "has_sources": bool(settings.LIVE_WEBHOOK_SOURCES),
        "acted": engine.taken_lately(rule),
        "page": page(hits, request.GET),
    }
    return render(request, "moderation/rule.html", context, status=status)


def is_unverified(rule: Rule) -> bool:
    """Whether it acts on lines of chat."""
    is_words = rule.kind == Rule.Kind.WORDS and rule.act != Rule.Act.ALERT
    return is_words and CHAT in words.places_of(rule)


@may("moderation.edit_rules", "POST")
def rule_change(request: PersonRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Rule.objects.select_related("policy"), slug=slug)
    form = RuleForm(request.POST, rule=found)
    if not form.is_valid():
        return rule_page(request, found, form, status=422)
    rulebook.change(
        by=request.user, rule=found, version=form.cleaned_data["version"], **form.as_fields
    )
    return redirect("rule", found.slug)


@may("moderation.view_rules", "POST")
def rule_dry_run(request: PersonRequest, slug: str) -> HttpResponse:
    """What the rule would have done with the settings of the form, or with its own where none came.

    Changes nothing.
    """
    found = get_object_or_404(Rule.objects.select_related("policy"), slug=slug)
    hours = DryRunForm(request.POST)
    form = RuleForm(request.POST, rule=found) if "version" in request.POST else None
    if not hours.is_valid() or (form is not None and not form.is_valid()):
        errors = [*hours.errors.values(), *(form.errors.values() if form else ())]
        return refused(request, str(errors[0][0]), status=422)
    if form is not None:
        found = Rule(pk=found.pk, slug=found.slug, kind=found.kind, **form.as_fields)
    with one_a_person(request.user.pk):
        result = dry_runs.run(found, hours.cleaned_data["hours"])
    template = "moderation/_dry_run.html" if request.htmx else "moderation/dry_run.html"
    return render(request, template, {"run": result, "rule": found})
