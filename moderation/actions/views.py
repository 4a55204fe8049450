"""Acts on rooms: thin. A guard, a form, one call of `orders`, an answer."""

from typing import Any

from django.conf import settings
from django.forms import UUIDField, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from moderation.actions import amendments, bulk, orders, presentation, queries
from moderation.actions.bulk_forms import BulkForm
from moderation.actions.forms import WarnPreviewForm
from moderation.actions.handlers.warning_text import warning_text
from moderation.actions.preconditions import who_and_when
from moderation.actions.requests import ActionRequest
from moderation.actions.verbs import VERBS, VerbSpec
from moderation.alerts import alerts
from moderation.alerts.forms import answered_alert
from moderation.alerts.views import closed
from moderation.collaboration import notes
from moderation.collaboration.views import CLAIM
from moderation.core.errors import Refused
from moderation.models import Action
from moderation.web import toasts
from moderation.web.forms import OnlyReasonForm, ReasonForm
from moderation.web.guards import may
from moderation.web.requests import PersonRequest, View
from moderation.web.responses import acted, happened, refused
from rooms.infra import database_time
from rooms.models import Room

# What a link may fill in of a form: about whom or what it is.
FILLED = ("account", "operation", "name", "value", "delete")


def answered(
    request: PersonRequest,
    room: Room,
    *,
    action: Action | None = None,
    words: str = "",
    said: str = "",
) -> HttpResponse:
    """As `acted`, with what became of an act as events.

    words: for a toast, which is read out too; said: only read out.
    """
    events: dict[str, Any] = {}
    if action:
        events["acted"] = {"room": room.pk, "action": action.pk} | heard_of(
            action, has_toast=bool(words)
        )
    if words:
        text = toasts.naming(words, action.account if action else "", room.title)
        events["toast"] = {
            "text": text,
            "undo": undo_address(action),
            "reason": reason_address(action),
        }
    if said:
        events["said"] = {"text": said}
    return acted(request, room, events)


def heard_of(action: Action, *, has_toast: bool) -> dict[str, object]:
    """For static/js/rooms/outcomes.js, which tells ears what becomes of an act. told: the toast
    says how it stands.
    """
    is_ending = (
        action.verb == Action.Verb.END
        and action.status == Action.Status.REQUESTED
        and action.due_at <= database_time.now()
    )
    title = action.room.title
    return {
        "said": presentation.sentence(action, title),
        "title": title,
        "toast": has_toast,
        "ending": is_ending,
    }


def undo_address(action: Action | None) -> str:
    """Where a toast's Undo goes; "" for what cannot be taken back."""
    can_undo = (
        action
        and (action.verb == Action.Verb.END or action.verb in Action.OPPOSITE)
        and action.offers_undo
    )
    return reverse("act-undo", args=[action.pk]) if action and can_undo else ""


def reason_address(action: Action | None) -> str:
    """Where a toast's other reason goes; "" for what is sent already or at once."""
    waits = (
        action
        and action.verb == Action.Verb.END
        and action.status == Action.Status.REQUESTED
        and not action.attempts
    )
    return reverse("act-reason", args=[action.pk]) if action and waits else ""


def words_of(action: Action, request: PersonRequest) -> str:
    """What the toast says: who won, and when, when two people were at it."""
    sentence = presentation.sentence(action, action.room.title)
    if action.by_name == request.user.get_username():
        return with_reason(action, sentence)
    return _("%(who)s was first at %(time)s. %(what)s.") % {
        **who_and_when(action),
        "what": sentence,
    }


def with_reason(action: Action, sentence: str) -> str:
    return _("%(what)s. Reason: %(reason)s.") % {"what": sentence, "reason": action.policy.label}


def ordering(verb: VerbSpec) -> View:
    """The view that takes the orders of one verb."""

    @may(verb.permission, "POST")
    def order(request: PersonRequest, pk: int) -> HttpResponse:
        room = get_object_or_404(Room, pk=pk)
        form = verb.form(request.POST)
        if not form.is_valid():
            return act_page(request, room, verb, form, status=422)
        alert = answered_alert(request.POST, room)
        asked = ActionRequest(verb=verb.name, room=room, alert=alert, **form.cleaned_data)
        action = orders.submit(asked, by=request.user)
        answer = answered(request, room, action=action, words=words_of(action, request))
        return closed(request, answer, alert)

    return order


def act_page(
    request: PersonRequest, room: Room, verb: VerbSpec, form: ReasonForm, *, status: int = 200
) -> HttpResponse:
    """The form of an act: a dialog's inside for htmx, a page of its own without."""
    template = "moderation/_act_form.html" if request.htmx else "moderation/act.html"
    context = {
        "room": room,
        "verb": verb.name,
        "label": verb.label,
        "form": form,
        "help_text": verb.help_text,
        "harmless": verb.is_harmless,
        "alert": (request.POST or request.GET).get("alert", ""),
        "url": reverse(verb.url_name, args=[room.pk]),
        "preview_url": reverse("warn-preview", args=[room.pk]) if verb.name == "warn" else "",
    }
    return render(request, template, context, status=status)


@may("moderation.watch_rooms")
def act_form(request: PersonRequest, pk: int, verb: str) -> HttpResponse:
    """The form of an act; 404 for a verb that is none, 403 for one the role lacks."""
    room, wanted = get_object_or_404(Room, pk=pk), VERBS.get(verb)
    if wanted is None:
        return refused(request, _("There is no such action."), status=404)
    if not request.user.has_perm(wanted.permission):
        return refused(request, _("Your role may not do this."), status=403)
    asked = {name: request.GET[name] for name in FILLED if name in request.GET}
    return act_page(
        request, room, wanted, wanted.form(initial=wanted.form.initial_of(room) | asked)
    )


@may("moderation.warn_host")
def warn_preview(request: PersonRequest, pk: int) -> HttpResponse:
    """What the host would be told by the form as it stands."""
    get_object_or_404(Room, pk=pk)
    form = WarnPreviewForm(request.GET)
    context: dict[str, object] = {"errors": form.errors.get("text") or form.errors.get("language")}
    if form.is_valid():
        context["told"] = warning_text(**form.cleaned_data)
    return render(request, "moderation/_warn_preview.html", context)


def of_action(change: View) -> View:
    """The view of a change to one act, for whoever may order such acts.

    `change` may raise Refused.
    """

    @may("moderation.watch_rooms", "POST")
    def changing(request: PersonRequest, pk: int) -> HttpResponse:
        action = get_object_or_404(Action.objects.select_related("room", "policy", "ban"), pk=pk)
        if not request.user.has_perm(VERBS[action.verb].permission):
            return refused(request, _("Your role may not do this."), status=403)
        return change(request, action)

    return changing


@of_action
def now(request: PersonRequest, action: Action) -> HttpResponse:
    return answered(request, action.room, action=amendments.end_now(by=request.user, action=action))


@of_action
def reason(request: PersonRequest, action: Action) -> HttpResponse:
    form = OnlyReasonForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Choose a reason."), status=422)
    changed = amendments.change_reason(
        by=request.user, action=action, policy=form.cleaned_data["policy"]
    )
    words = with_reason(changed, presentation.sentence(changed, action.room.title))
    return answered(request, action.room, action=changed, words=words)


@of_action
def undo(request: PersonRequest, action: Action) -> HttpResponse:
    undone = amendments.undo(by=request.user, action=action)
    taken_back = _("%(what)s. Nothing was sent.") % {
        "what": presentation.sentence(undone, action.room.title)
    }
    words = taken_back if undone.pk == action.pk else words_of(undone, request)
    return answered(request, action.room, action=undone, words=words)


@of_action
def retry(request: PersonRequest, action: Action) -> HttpResponse:
    try:
        key = UUIDField().clean(request.POST.get("key", ""))
    except ValidationError:
        return refused(request, _("The request lacks its key."), status=422)
    again = amendments.retry(by=request.user, action=action, key=key)
    return answered(request, action.room, action=again, words=words_of(again, request))


@may("moderation.watch_rooms", "POST")
def several(request: PersonRequest) -> HttpResponse:
    """One order for the selected rooms; the answer says what became of each."""
    form = BulkForm(request.POST)
    if not form.is_valid():
        return refused(request, _("Choose an action and its rooms."), status=422)
    asked = form.cleaned_data
    verb = asked["verb"]
    if not request.user.has_perm(CLAIM if verb == "claim" else VERBS[verb].permission):
        return refused(request, _("Your role may not do this."), status=403)
    try:
        said = bulk.order(by=request.user, **asked)
    except Refused as refusal:
        if request.htmx and len(asked["rooms"]) > settings.BULK_LIMIT:
            return render(
                request, "moderation/_bulk_count.html", {"asked": asked, "words": refusal.message}
            )
        return refused(request, refusal.message, status=refusal.status)
    template = "moderation/_bulk.html" if request.htmx else "moderation/bulk.html"
    answer = render(request, template, {"said": said, "count": len(said)})
    return happened({"ordered": {"rooms": [one.room.pk for one in said]}}, answer)


@may("moderation.watch_rooms")
def acts_of_room(request: PersonRequest, pk: int) -> HttpResponse:
    """The state line of a room's newest acts: fetched, never pushed, for it holds buttons."""
    room = get_object_or_404(Room, pk=pk)
    actions = queries.latest_actions([pk]).get(pk, [])
    context = {"room": room, "actions": actions, "alerts": alerts.of_rooms([pk]).get(pk)}
    return render(request, "moderation/_acts.html", context)


@may("moderation.watch_rooms")
def timeline(request: PersonRequest, pk: int) -> HttpResponse:
    room = get_object_or_404(Room, pk=pk)
    context = {
        "room": room,
        "actions": queries.room_timeline(room),
        "notes": notes.about(room)[:20],
    }
    return render(request, "moderation/_timeline.html", context)
