"""How pages and forms are drawn: as Django does, but for two things. Templates lose their
indentation when they are loaded, and each field in which people write takes the direction of what
is written.
"""

import re
from typing import Any

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.template import Origin
from django.template.loaders import filesystem

WRITTEN_IN = ("django/forms/widgets/text.html", "django/forms/widgets/textarea.html")
INDENTATION = re.compile(r"\n[ \t]+")


class Renderer(DjangoTemplates):
    """Django's own templates."""

    def render(
        self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None
    ) -> str:
        """The field as HTML."""
        if template_name in WRITTEN_IN:
            context["widget"]["attrs"].setdefault("dir", "auto")
        return super().render(template_name, context, request)


class Loader(filesystem.Loader):
    """Templates without the indentation of their lines.

    It is for who reads the source. A browser makes nothing of it, and a list sends a row 300 times.
    No template of ours has text in which it would matter (`pre`, `textarea`).
    """

    def get_contents(self, origin: Origin) -> str:
        return INDENTATION.sub("\n", super().get_contents(origin))
