"""How urgent each live room is, and what that rests on."""

from django.conf import settings
from django.db import models

from moderation.values import risk
from moderation.values.risk import Code, Term
from rooms.infra import database_time
from rooms.models import Room


class RoomRisk(models.Model):
    """The risk of a live room: the default order of list, wall and tour.

    Written by moderation.attention.store alone, and only when it is another. A room has none
    between its opening and the next tick, and after its end.
    """

    goes_with_its_room = True  # see rooms.retention

    room = models.OneToOneField(
        Room, primary_key=True, on_delete=models.CASCADE, related_name="risk"
    )
    score = models.IntegerField(help_text="points: the sum of the terms")
    terms = models.JSONField(default=list, help_text="see moderation.values.risk")
    at = models.DateTimeField(help_text="since when it is so")

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["-score", "room"], name="rooms_by_risk")]

    def __str__(self) -> str:
        return f"room {self.room_id}: {self.score}"

    @property
    def parts(self) -> tuple[Term, ...]:
        """The terms, the largest first."""
        return tuple(sorted(risk.read_terms(self.terms), key=lambda term: -term.points))


class RiskWeights(models.Model):
    """One version of the weights; the highest version is in force. None stored: the defaults."""

    version = models.PositiveIntegerField(unique=True)
    weights = models.JSONField(default=dict, help_text="see moderation.values.risk")
    note = models.TextField(help_text="why")
    at = models.DateTimeField(default=database_time.now, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150)

    class Meta:
        ordering = ["-version"]
        default_permissions = ()
        permissions = [
            ("view_risk_weights", "may see the weights of the risk score, and replay them"),
            ("edit_risk_weights", "may change the weights of the risk score"),
        ]

    def __str__(self) -> str:
        return f"weights {self.version}"

    @property
    def points(self) -> dict[Code, int]:
        return risk.read_weights(self.weights)
