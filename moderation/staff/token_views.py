"""The tokens of the API: thin. A guard, a form, one call of `tokens`, an answer."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache

from moderation.models import ApiToken
from moderation.staff import tokens
from moderation.staff.forms import TokenForm
from moderation.web.guards import may
from moderation.web.requests import PersonRequest
from rooms.infra import database_time


@may("moderation.manage_tokens")
def token_list(request: PersonRequest) -> HttpResponse:
    context = {"tokens": ApiToken.objects.order_by("-pk"), "now": database_time.now()}
    return render(request, "moderation/tokens.html", context)


@never_cache
@may("moderation.manage_tokens", "GET", "POST")
def token_new(request: PersonRequest) -> HttpResponse:
    """The form; after it the token itself, on this one page and never again."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("name", "scopes")}
        token, text = tokens.make(by=request.user, expires_at=form.expires_at, **given)
        return render(request, "moderation/token_made.html", {"token": token, "text": text})
    return render(
        request, "moderation/token_new.html", {"form": form}, status=422 if form.errors else 200
    )


@may("moderation.manage_tokens", "POST")
def token_revoke(request: PersonRequest, pk: int) -> HttpResponse:
    tokens.revoke(by=request.user, token=get_object_or_404(ApiToken, pk=pk))
    return redirect("tokens")
