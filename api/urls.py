"""Addresses of the API, all under /api/v1/. Not behind the log-in: each operation has its token."""

import functools
from collections.abc import Callable

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI

from api import description, problems
from api.access import Token
from api.operations import router

app_name = "api"
api = NinjaAPI(
    title="Livewarden",
    version="1",
    description="Rooms, acts, bans and reports for the platform's backend. Times are Unix seconds.",
    openapi_url=None,
    docs_url=None,
    urls_namespace="api",
)
problems.install(api)
api.add_router("", router)


@api.get("/openapi.json", auth=Token(""), include_in_schema=False, url_name="description")
def described(request: HttpRequest) -> HttpResponse:
    """This description."""
    return JsonResponse(description.of(api))


View = Callable[..., HttpResponseBase]


def in_words(view: View) -> View:
    """For programs: no log-in page, no cookie's token, nothing kept by caches, and a wrong method
    is told as a problem.
    """

    @csrf_exempt
    @login_not_required
    @never_cache
    @functools.wraps(view)
    def answered(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        answer: HttpResponseBase = view(request, *args, **kwargs)
        if answer.status_code == 405:
            allowed = {"Allow": answer.headers["Allow"]}
            return problems.answer(
                405, _("This address does not take that method."), headers=allowed
            )
        return answer

    return answered


def nothing_here(request: HttpRequest) -> HttpResponse:
    return problems.answer(404, _("There is nothing at this address."))


urlpatterns = [
    URLPattern(pattern.pattern, in_words(pattern.callback), pattern.default_args, pattern.name)
    for pattern in api.urls[0]
    if isinstance(pattern, URLPattern) and pattern.name != "api-root"
]
urlpatterns += [re_path(r"", in_words(nothing_here), name="nothing")]
