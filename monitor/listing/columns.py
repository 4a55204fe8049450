"""The columns of the list between the name of a room and its acts: which there are, which a person
sees, and by which the rooms can be sorted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Column:
    """name: as addresses have it, and the class of its cells (is-<name>). sort: of SORTS; "" for
    what nothing can be sorted by. is_figure: its head stands at the right, as its figures do.
    rises: whether its first figure is the lowest, as the order of `sort` has it.
    """

    name: str
    title: str | Promise
    hint: str | Promise
    sort: str = ""
    is_figure: bool = False
    rises: bool = False


COLUMNS = {
    column.name: column
    for column in (
        Column("host", _("Host"), _("Who broadcasts; opens the account"), "host", rises=True),
        Column(
            "online",
            _("Online, 5 min"),
            _("People in the room now, and how many more or fewer than five minutes ago"),
            "online",
            is_figure=True,
        ),
        Column("spark", _("15 min"), _("People online in the last 15 minutes")),
        Column(
            "reward",
            _("Reward, coins"),
            _("Coins given in this broadcast so far, and how many a minute"),
            "reward",
            is_figure=True,
        ),
        Column(
            "views",
            _("Views"),
            _("Entries into the room so far; not people online"),
            "views",
            is_figure=True,
        ),
        Column("gifts", _("Gifts"), _("Gifts sent so far"), "gifts", is_figure=True),
        Column("messages", _("Messages"), _("Lines of chat so far"), "messages", is_figure=True),
        Column(
            "time",
            _("On air"),
            _("How long the broadcast has lasted"),
            "newest",
            is_figure=True,
            rises=True,
        ),
        Column(
            "watch",
            _("Assigned, last seen"),
            _("Who takes care of the room, who has it on the screen, and who looked at it last"),
            "unseen",
            rises=True,
        ),
    )
}
NAME = Column("name", _("Room"), _("Name and RoomId; opens the room"), "name", rises=True)
DEFAULT = ("host", "online", "spark", "reward", "views", "time", "watch")


def chosen(names: Iterable[str]) -> tuple[str, ...]:
    """Those of these names that are columns, in the order of the list; nonsense is left out."""
    wanted = set(names)
    return tuple(name for name in COLUMNS if name in wanted)


def read(text: str) -> tuple[str, ...]:
    """The columns in a text as an address or a Preference has it; () for the default."""
    return chosen(text[:200].split(","))


def of(person: object) -> tuple[str, ...]:
    """Those that a person has chosen for themselves, or the default."""
    preference = getattr(person, "preference", None)
    return (read(preference.columns) if preference else ()) or DEFAULT
