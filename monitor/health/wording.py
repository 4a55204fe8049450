"""What pages say of the vendor, the collector and the guard of the audit log."""

from django.utils.translation import gettext as _

from moderation.web.badge import Badge
from rooms.live.health import Health


def vendor(health: Health) -> Badge:
    return _state(
        health,
        is_well=health["known"] and health["ok"],
        well=_("answering"),
        ill=_("not answering"),
    )


def collector(health: Health) -> Badge:
    return _state(
        health,
        is_well=health["known"] and health["collecting"],
        well=_("collecting"),
        ill=_("silent"),
    )


def _state(health: Health, *, is_well: bool, well: str, ill: str) -> Badge:
    """Redis tells of both: without it nothing is known."""
    if not health["known"]:
        return Badge(_("not known"), "circle-dashed", "warn")
    return Badge(well, "") if is_well else Badge(ill, "triangle-alert", "warn")


def record_guard(*, may_change: bool, database: str) -> Badge:
    """Whether the console itself could rewrite the audit log, and what to do about it.

    database: as Django names it.
    """
    if not may_change:
        return Badge(
            _("The console's database role can add to the audit log, but cannot change it."), ""
        )
    if database == "postgresql":
        return Badge(
            _(
                "The console's database role could change the audit log. The operator's guide"
                " explains how to use two roles."
            ),
            "triangle-alert",
            "warn",
        )
    return Badge(
        _(
            "It is stored in an SQLite file: whoever may write the file can change it. If it must"
            " serve as evidence, use PostgreSQL with two roles."
        ),
        "",
        "muted",
    )
