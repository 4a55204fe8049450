"""People and reason codes: thin. A guard, a form, one call of `people` or `policies`, an answer."""

from typing import cast

from django.contrib.auth import get_user_model, update_session_auth_hash
from django.contrib.auth import views as auth_views
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render

from moderation.core.roles import ROLE_NAMES, role_of
from moderation.models import Policy
from moderation.staff import accounts as staff
from moderation.staff import reason_codes as reasons
from moderation.staff.forms import ChangePersonForm, OwnPasswordForm, PersonForm, PolicyForm
from moderation.web.guards import may
from moderation.web.requests import PersonRequest


@may("moderation.manage_people")
def people(request: PersonRequest) -> HttpResponse:
    found = (
        get_user_model()
        .objects.select_related("staff")
        .prefetch_related("groups")
        .order_by("username")
    )
    rows = [(person, ROLE_NAMES.get(role_of(person), "")) for person in found]
    return render(request, "moderation/people.html", {"rows": rows})


@may("moderation.manage_people", "GET", "POST")
def person_new(request: PersonRequest) -> HttpResponse:
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        staff.add(by=request.user, **form.cleaned_data)
        return redirect("people")
    return render(
        request, "moderation/person.html", {"form": form}, status=422 if form.errors else 200
    )


@may("moderation.manage_people", "GET", "POST")
def person(request: PersonRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(User, pk=pk)
    form = ChangePersonForm(
        request.POST or None, initial=staff.state(found), person=found, by=request.user
    )
    if request.method == "POST" and form.is_valid():
        staff.change(by=request.user, person=found, **form.cleaned_data)
        return redirect("people")
    context = {"form": form, "person": found}
    return render(request, "moderation/person.html", context, status=422 if form.errors else 200)


class PasswordChange(auth_views.PasswordChangeView):
    """The person's own password: this session goes on, all others end."""

    form_class = OwnPasswordForm
    template_name = "registration/password.html"
    success_url = "/"
    http_method_names = ("get", "head", "post", "options")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        person = cast(User, self.request.user)
        staff.change_own_password(person=person, password=form.cleaned_data["new_password1"])
        update_session_auth_hash(self.request, person)
        return HttpResponseRedirect(self.get_success_url())


@may("moderation.edit_policies", "GET", "POST")
def policies(request: PersonRequest) -> HttpResponse:
    """All reason codes, one form each; a POST says which by `code`."""
    wanted = request.POST.get("code")
    rows = Policy.objects.order_by("key", "code")
    forms = [
        PolicyForm(request.POST if p.code == wanted else None, instance=p, prefix=p.code)
        for p in rows
    ]
    sent = next((form for form in forms if form.is_bound), None)
    if sent is not None and sent.is_valid():
        reasons.change(by=request.user, policy=sent.instance, **sent.changed)
        return redirect("policies")
    return render(
        request, "moderation/policies.html", {"forms": forms}, status=422 if sent else 200
    )
