"""The panel of a room's risk; the weights, their versions and their replay. Thin: a guard, a form,
one call, a template.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from moderation.attention import presentation, replay, store, weights
from moderation.attention.forms import PointsForm, ReplayForm, WeightsForm
from moderation.core.long_reads import one_a_person
from moderation.models import RoomRisk
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import refused
from rooms.models import Room


@may("moderation.watch_rooms")
def room_risk(request: PersonRequest, pk: int) -> HttpResponse:
    """The sum of a room and its terms."""
    room = get_object_or_404(Room, pk=pk)
    risk = RoomRisk.objects.filter(room=room).first() if room.is_live else None
    context = {
        "room": room,
        "risk": risk,
        "lines": presentation.lines(risk, weights.current().points) if risk else [],
        "is_late": store.is_late(),
    }
    return render(request, "moderation/_room_risk.html", context)


@may("moderation.view_risk_weights")
def risk(request: PersonRequest) -> HttpResponse:
    """The weights in force, or those of `?version=`, in a form; their versions; the replay."""
    shown = weights.version(request.GET.get("version", ""))
    return risk_page(request, WeightsForm.showing(shown, in_force=weights.current()))


def risk_page(request: PersonRequest, form: WeightsForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "replay": ReplayForm(),
        "current": weights.current(),
        "versions": presentation.versions(weights.versions()),
        "is_late": store.is_late(),
    }
    return render(request, "moderation/risk.html", context, status=status)


@may("moderation.edit_risk_weights", "POST")
def risk_weights(request: PersonRequest) -> HttpResponse:
    """A new version of the weights."""
    form = WeightsForm(request.POST)
    if not form.is_valid():
        return risk_page(request, form, status=422)
    weights.change(
        by=request.user,
        weights=form.points,
        version=form.cleaned_data["version"],
        note=form.cleaned_data["note"],
    )
    return redirect("risk")


@may("moderation.view_risk_weights", "POST")
def risk_replay(request: PersonRequest) -> HttpResponse:
    """What the weights of the form, or those in force where none came, would have changed.

    Changes nothing.
    """
    asked = ReplayForm(request.POST)
    current = weights.current().points
    form = PointsForm(request.POST) if "version" in request.POST else None
    if not asked.is_valid() or (form is not None and not form.is_valid()):
        errors = [*asked.errors.values(), *(form.errors.values() if form else ())]
        return refused(request, str(errors[0][0]), status=422)
    with one_a_person(request.user.pk):
        result = replay.run(current, form.points if form else current, **asked.cleaned_data)
    template = "moderation/_risk_replay.html" if request.htmx else "moderation/risk_replay.html"
    return render(request, template, {"run": result})
