"""Reads the forms of a page as a browser would send them untouched.

For the smoke test of `./run --check`.
"""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """Collects every form of a page: `found` is a list of (action, {name: value}).

    Of radio buttons the checked one counts, else the first; of a select the selected option, else
    the first that has a value.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self._select = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((values.get("action") or values.get("hx-post", ""), {}))
        elif not self.found:
            return
        elif tag == "input":
            self._input(values)
        elif tag == "select":
            self._select = values.get("name", "")
        elif tag == "option" and self._select:
            self._option(values)
        elif tag == "textarea" and values.get("name"):
            self._fields[values["name"]] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""

    @property
    def _fields(self) -> dict[str, str]:
        return self.found[-1][1]

    def _input(self, values: dict[str, str]) -> None:
        name, kind = values.get("name", ""), values.get("type", "text")
        checked = "checked" in values
        if (
            not name
            or kind in {"submit", "button", "image"}
            or (kind == "checkbox" and not checked)
        ):
            return
        if kind == "radio" and not checked and self._fields.get(name):
            return
        self._fields[name] = values.get("value", "")

    def _option(self, values: dict[str, str]) -> None:
        value = values.get("value", "")
        if "selected" in values or not self._fields.get(self._select):
            self._fields[self._select] = value


def form_with(page: str, *names: str) -> dict[str, str]:
    """The fields of the first form that has all these names. Raises LookupError when none does."""
    for _action, fields in Forms(page).found:
        if all(name in fields for name in names):
            return fields
    raise LookupError(f"no form with {', '.join(names)} on the page")
