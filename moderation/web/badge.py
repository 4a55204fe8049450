"""A few words with a picture: how pages say the state of a thing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Badge:
    """icon: "" for none. tone: warn, bad or muted, as the style sheet knows them; "" for none.
    hint: on hover.
    """

    text: str
    icon: str
    tone: str = ""
    hint: str = ""
