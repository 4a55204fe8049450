"""What a view answers."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def refused(request: HttpRequest, words: str, *, status: int) -> HttpResponse:
    """A refusal in plain words: a fragment for htmx, a page for everybody else."""
    partial = bool(request.headers.get("HX-Request"))
    template = "moderation/_refused.html" if partial else "moderation/refused.html"
    return render(request, template, {"words": words}, status=status)
