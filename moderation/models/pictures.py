"""Pictures that are kept after their broadcast, because of what was decided about it."""

from django.db import models
from django.utils.translation import gettext_noop

from rooms.infra import database_time
from rooms.models import Room

# Of alerts about pictures, by slug: no rule raises them.
PICTURE_TITLES = {
    "picture-black": {gettext_noop("Black picture")},
    "picture-frozen": {gettext_noop("Frozen picture")},
    "picture-missing": {gettext_noop("No picture")},
    "picture-banned": {
        gettext_noop("Same picture as a banned room"),
        gettext_noop("Same picture as an ended room"),
    },
}


class KeptStill(models.Model):
    """The last still of a broadcast that was ended here, or whose host is banned; or the one that
    an alert is about. Written by moderation.pictures alone.
    """

    goes_with_its_room = True  # see rooms.retention
    kept_days = "KEEP_STILL_DAYS"

    class Why(models.TextChoices):
        ENDED = "ended", "ended from this console"
        BANNED = "banned", "its host is banned"
        ALERT = "alert", "an alert is about it"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="kept_stills")
    why = models.CharField(max_length=8, choices=Why.choices)
    account = models.CharField(max_length=128, blank=True, help_text="the host")
    jpeg = models.BinaryField(help_text="at most 16 kB")
    hashes = models.JSONField(
        default=list, help_text="dHashes of the last different pictures, hex, newest first"
    )
    taken_at = models.BigIntegerField(help_text="Unix seconds")
    at = models.DateTimeField(default=database_time.now, db_index=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["room"],
                condition=~models.Q(why="alert"),
                name="one_last_still_per_broadcast",
            )
        ]

    def __str__(self) -> str:
        return f"room {self.room_id} {self.why}"
