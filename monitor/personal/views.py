"""A person's own screen: preferences and saved views.

Thin: a guard, a form, one call, an answer.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.staff import accounts
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from moderation.web.responses import happened, refused
from moderation.web.toasts import Toast
from monitor.models import Preference, SavedView
from monitor.personal import preferences, saved_views
from monitor.personal.forms import ColumnsForm, PreferenceForm, ThemeForm, ViewForm

WATCH = "moderation.watch_rooms"


@may(WATCH, "GET", "POST")
def preference(request: PersonRequest) -> HttpResponse:
    mine = preferences.of(request.user)
    undo = getattr(getattr(request.user, "staff", None), "undo_seconds", None)
    form = PreferenceForm(
        request.POST or None, instance=Preference(**mine_as(mine)), initial={"undo_seconds": undo}
    )
    if request.method == "POST" and form.is_valid():
        chosen = dict(form.cleaned_data)
        accounts.choose_undo_time(person=request.user, seconds=chosen.pop("undo_seconds"))
        preferences.save(by=request.user, **chosen)
        answer = redirect(f"{reverse('preferences')}?saved=1")
        answer.set_cookie(
            "theme", form.cleaned_data["theme"], max_age=31_536_000, samesite="Lax"
        )  # for the log-in page
        return answer
    context = {"form": form, "zones": preferences.zones(), "saved": "saved" in request.GET}
    return render(request, "monitor/preferences.html", context, status=422 if form.errors else 200)


def mine_as(chosen: Preference) -> dict[str, object]:
    return {name: getattr(chosen, name) for name in PreferenceForm.Meta.fields}


@may(WATCH, "POST")
def theme(request: PersonRequest) -> HttpResponse:
    """The button in the bar on top: dark or light, on every device of the person."""
    form = ThemeForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Choose dark or light."), status=422)
    preferences.save(by=request.user, **form.cleaned_data)
    answer = HttpResponse(status=204)
    answer.set_cookie("theme", form.cleaned_data["theme"], max_age=31_536_000, samesite="Lax")
    return answer


@may(WATCH, "POST")
def columns(request: PersonRequest) -> HttpResponse:
    """The columns that the person sees in the list when the address names none."""
    form = ColumnsForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Choose columns of the list."), status=422)
    preferences.save(by=request.user, **form.cleaned_data)
    if not request.htmx:
        return redirect("rooms")
    return happened({"toast": Toast(text=_("The list shows you these columns."), undo="")})


@may(WATCH, "GET", "POST")
def views(request: PersonRequest) -> HttpResponse:
    """The menu of saved views of one page, and what saves another."""
    form = ViewForm(
        request.POST
        if request.method == "POST"
        else {"page": request.GET.get("page", "rooms"), "name": "-"}
    )
    if not form.is_valid():
        return refused(request, _("Give the view a name."), status=422)
    asked = form.cleaned_data
    if request.method == "POST":
        kept = saved_views.save(by=request.user, **asked)
        if not request.htmx:
            return redirect(f"{reverse(kept.page)}?{kept.query}")
    return menu(request, asked["page"])


@may(WATCH, "POST")
def view_delete(request: PersonRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView, pk=pk)
    saved_views.delete(by=request.user, view=view)
    return menu(request, view.page) if request.htmx else redirect(view.page)


def menu(request: PersonRequest, page: str) -> HttpResponse:
    context = {"views": saved_views.of(request.user, page), "page": page}
    return render(request, "monitor/_views_menu.html", context)
