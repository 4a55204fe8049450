"""What the address of the queue asks for; nonsense counts as the default."""

import datetime as dt
from dataclasses import dataclass, fields
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from moderation.alerts import alerts
from moderation.alerts.presentation import source_label
from moderation.models import Alert, Claim
from moderation.models.rules import QUARANTINE
from rooms.infra import database_time

AGES = (5, 15, 60)  # minutes
GROUPS = ("room", "account")
# In the place of a rule: what people have raised, and what ban administrators are asked for.
PEOPLE, REQUESTS = "people", "requests"
BY_PEOPLE = ~Q(source__startswith="system:") & ~Q(source=QUARANTINE)


@dataclass(frozen=True, slots=True)
class Filters:
    """rule: a source, PEOPLE or REQUESTS. severity: at least. age: minutes without decision. mine:
    of rooms that I have claimed. group: what the rows are grouped by.
    """

    rule: str = ""
    severity: int = alerts.MIN_SEVERITY
    age: int = 0
    mine: bool = False
    group: str = "room"

    @classmethod
    def read(cls, query: QueryDict) -> "Filters":
        severity, age = query.get("severity", ""), query.get("age", "")
        return cls(
            rule=query.get("rule", "").replace("\x00", "")[:60],
            severity=int(severity) if severity in {"1", "2", "3"} else alerts.MIN_SEVERITY,
            age=int(age) if age in {str(minutes) for minutes in AGES} else 0,
            mine=query.get("mine") == "1",
            group=query.get("group", "") if query.get("group") in GROUPS else "room",
        )

    @property
    def query(self) -> str:
        """The address without its page; defaults are left out."""
        default = Filters()
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode(
            {
                name: int(value) if value is True else value
                for name, value in given.items()
                if value != getattr(default, name)
            }
        )

    @property
    def are_set(self) -> bool:
        """Whether they leave something out."""
        return bool(self.rule or self.severity > alerts.MIN_SEVERITY or self.age or self.mine)

    @property
    def hold_requests(self) -> bool:
        """Whether requests for bans are among what is asked for: they are urgent, and of no room
        in particular.
        """
        return self.rule in {"", REQUESTS} and not self.mine and not self.age

    def of(self, waiting: QuerySet[Alert], person: User) -> QuerySet[Alert]:
        """Those of these alerts that are asked for."""
        if self.rule == PEOPLE:
            waiting = waiting.filter(BY_PEOPLE)
        elif self.rule == REQUESTS:
            waiting = waiting.none()
        elif self.rule:
            waiting = waiting.filter(source=self.rule)
        if self.severity > alerts.MIN_SEVERITY:
            waiting = waiting.filter(severity__gte=self.severity)
        if self.age:
            since = database_time.now() - dt.timedelta(minutes=self.age)
            waiting = waiting.filter(raised_at__lte=since)
        if self.mine:
            claimed = Claim.objects.filter(by=person, released_at=None).values("room")
            waiting = waiting.filter(room__in=claimed)
        return waiting


def rule_choices(chosen: str, requests: int | None) -> list[tuple[str, str]]:
    """(value, label) of what has open alerts, with their number; the chosen one in any case.

    requests: how many requests for bans are open; None: the person does not decide about them.
    """
    found = (
        Alert.objects.filter(closed_at=None)
        .order_by()
        .values_list("source", "title")
        .annotate(number=Count("pk"))
    )
    special = {PEOPLE: _("Escalated by people"), REQUESTS: _("Requests for bans")}
    counts: dict[str, int] = {} if requests is None else {REQUESTS: requests}
    labels = dict(special)
    for source, title, number in found:
        is_of_people = not source.startswith("system:") and source != QUARANTINE
        value = PEOPLE if is_of_people else source
        counts[value] = counts.get(value, 0) + number
        if not is_of_people:
            labels[value] = source_label(source, title)
    if chosen:
        counts.setdefault(chosen, 0)
        labels.setdefault(chosen, chosen)
    return [
        (value, f"{labels[value]} ({counts[value]})")
        for value in sorted(counts, key=lambda value: labels[value].casefold())
    ]
