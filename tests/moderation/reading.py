"""A page as a screen reader meets it: elements, their names, what they do."""

from html.parser import HTMLParser

EMPTY = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
# What of an element says what a press on it does.
DOES = (
    "href",
    "hx-get",
    "hx-post",
    "data-post",
    "data-order",
    "data-end",
    "data-desk",
    "data-several",
    "data-copy",
    "data-reason",
    "popovertarget",
    "data-sound",
    "data-pin",
)


class Element:
    def __init__(self, tag: str, attributes: dict[str, str], parent: "Element | None") -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Element | str] = []

    def __repr__(self) -> str:
        return f"<{self.tag} {self.attributes}>{self.text[:60]}"

    def get(self, name: str) -> str:
        return self.attributes.get(name, "")

    def all(self, *tags: str) -> "list[Element]":
        """Itself and all within with one of these tags; without tags all."""
        found = [self] if not tags or self.tag in tags else []
        for child in self.children:
            if isinstance(child, Element):
                found += child.all(*tags)
        return found

    def within(self, *tags: str) -> "Element | None":
        """The nearest around it with one of these tags."""
        element = self.parent
        while element is not None and element.tag not in tags:
            element = element.parent
        return element

    @property
    def text(self) -> str:
        """What is read of it: no pictures, and no keys that stand beside words."""
        if self.tag in {"svg", "kbd", "script", "template"} or self.get("aria-hidden") == "true":
            return ""
        parts = [child.text if isinstance(child, Element) else child for child in self.children]
        return " ".join("".join(parts).split())

    @property
    def name(self) -> str:
        return self.get("aria-label") or self.text or self.get("title")

    @property
    def does(self) -> tuple[str, ...]:
        """Two controls with the same answer do the same."""
        form = self.within("form")
        about_form = ()
        if self.tag == "button" and self.get("type") != "button" and form is not None:
            about_form = (form.get("action"), self.get("name"), self.get("value"))
        row = (
            next((one for one in self.around() if one.get("data-room")), None)
            if self.tag == "button"
            else None
        )
        return (
            *about_form,
            *(self.get(name) for name in DOES),
            row.get("data-room") if row else "",
        )

    def around(self) -> "list[Element]":
        return [] if self.parent is None else [self.parent, *self.parent.around()]


class Page(HTMLParser):
    """The tree of a page or a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = self._open = Element("", {}, None)
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._open)
        self._open.children.append(element)
        if tag not in EMPTY:
            self._open = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._open.children.append(
            Element(tag, {name: value or "" for name, value in attrs}, self._open)
        )

    def handle_endtag(self, tag: str) -> None:
        element: Element | None = self._open
        while element is not None and element.tag != tag:
            element = element.parent
        if element is not None and element.parent is not None:
            self._open = element.parent

    def handle_data(self, data: str) -> None:
        self._open.children.append(data)

    def all(self, *tags: str) -> list[Element]:
        return self.root.all(*tags)


REFERENCES = (
    "aria-describedby",
    "aria-labelledby",
    "aria-controls",
    "aria-owns",
    "for",
    "form",
    "popovertarget",
)


def faults(html: str, *, is_page: bool) -> list[str]:
    """What somebody who hears the page, or uses the keyboard, would stumble over. is_page: not a
    fragment of one.
    """
    page = Page(html)
    ids = [element.get("id") for element in page.all() if element.get("id")]
    found = [
        f"the id {name} is there twice" for name in {name for name in ids if ids.count(name) > 1}
    ]
    for element in page.all():
        for reference in REFERENCES:
            for name in element.get(reference).split():
                if name not in ids and (is_page or name.startswith("id_")):
                    found.append(f"{element} names {name} in {reference}, which is nowhere")
    if is_page:
        headings = [heading for heading in page.all("h1") if heading.text]
        if len(headings) != 1:
            found.append(f"{len(headings)} headings of the page")
    for element in page.all("table", "dialog", "nav"):
        if (
            not element.get("aria-label")
            and not element.get("aria-labelledby")
            and not element.all("caption")
        ):
            found.append(f"{element} has no name")
    for row in page.all("tr"):
        if "tabindex" in row.attributes and not row.get("aria-label"):
            found.append(f"{row} has no name")
    for field in page.all("input", "textarea"):
        people_write = field.tag == "textarea" or field.get("type") in {"", "text", "search"}
        if people_write and "readonly" not in field.attributes and field.get("dir") != "auto":
            found.append(f"{field} turns what is written from right to left")
    for link in page.all("a"):
        if link.get("hx-target") == "#dialog" or any(
            link.get(name) for name in ("data-order", "data-end", "data-desk")
        ):
            found.append(f"{link} does something and is a link: Space scrolls")
    does: dict[tuple[str, str], tuple[str, ...]] = {}
    for control in page.all("button", "a", "summary"):
        if control.within("template") or {"aria-hidden", "hidden"} & set(control.attributes):
            continue
        if not control.name:
            found.append(f"{control} has no name")
        if control.tag == "summary":
            continue
        if does.setdefault((control.tag, control.name), control.does) != control.does:
            found.append(f"{control} is called as another that does something else")
    return found
