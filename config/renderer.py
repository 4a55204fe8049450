"""How forms are drawn: as Django does, and each field in which people write takes the direction of
what is written.
"""

from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest

WRITTEN_IN = ("django/forms/widgets/text.html", "django/forms/widgets/textarea.html")


class Renderer(DjangoTemplates):
    """Django's own templates."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """The field as HTML."""
        if template_name in WRITTEN_IN:
            context["widget"]["attrs"].setdefault("dir", "auto")
        return super().render(template_name, context, request)
