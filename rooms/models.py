"""The facts we keep: broadcasts, their figures by the minute, and who may write them."""

from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Columns, Statement
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from rooms.broadcasts import is_later_broadcast
from rooms.infra import database_time
from rooms.infra.chat_index import Terms
from rooms.infra.folded import Folded

# Sources of a count of people whose answers hold the CreateTime too; the list of members does not.
TOLD_WITH_CREATE_TIME = {"OnlineCount", "MemberCount"}


class RoomQuerySet(models.QuerySet["Room"]):
    def live(self) -> "RoomQuerySet":
        """Broadcasts that have not ended as far as we know."""
        return self.filter(ended_at__isnull=True)


class HighestFirst(models.Index):
    """An index for a figure's highest first and unknown last: `F(figure).desc(nulls_last=True),
    "id"`.

    SQLite puts nulls last by itself and takes no words about it in an index; PostgreSQL takes none
    for granted.
    """

    def create_sql(
        self,
        model: type[models.Model],
        schema_editor: BaseDatabaseSchemaEditor,
        using: str = "",
        **kwargs: object,
    ) -> Statement:
        statement = super().create_sql(model, schema_editor, using, **kwargs)
        if schema_editor.connection.vendor == "postgresql":
            columns = statement.parts["columns"]
            assert isinstance(columns, Columns)
            columns.col_suffixes = tuple(
                f"{suffix} NULLS LAST" if suffix == "DESC" else suffix
                for suffix in columns.col_suffixes
            )
        return statement


class Room(models.Model):
    """One broadcast: a RoomId may be used again, a RoomId with its CreateTime may not.

    A row ends only on the vendor's 100004, a destroyed event or our own confirmed end, never
    because one sweep of the listing missed it.
    """

    class EndCause(models.TextChoices):
        GONE = "gone", "the vendor says it does not exist"
        REPLACED = "replaced", "the same RoomId was opened again"
        ACT = "act", "ended from this console"

    class HostState(models.TextChoices):
        UNKNOWN = "", _("not reported")
        SEATED = "seated", _("on a seat")
        INSIDE = "inside", _("in the room, on no seat")
        LOST = "lost", _("heartbeat lost")
        AWAY = "away", _("not in the room")

    # What identifies it (48 bytes by the vendor's rule; older rooms were seen with more).
    room_id = models.CharField(max_length=128)
    create_time = models.BigIntegerField(help_text="vendor's CreateTime, Unix seconds")
    create_time_told = models.BooleanField(
        default=True,
        help_text="False: the vendor has told none yet, create_time is when we first saw it",
    )

    # What the vendor says of it.
    name = models.CharField(max_length=255, blank=True)
    owner_account = models.CharField(max_length=128, blank=True, db_index=True)
    owner_name = models.CharField(max_length=255, blank=True)
    owner_avatar = models.CharField(max_length=500, blank=True)
    cover_url = models.CharField(max_length=500, blank=True)
    notice = models.CharField(max_length=500, blank=True)
    categories = models.JSONField(default=list, blank=True)
    seat_template = models.CharField(max_length=64, blank=True)
    take_seat_mode = models.CharField(max_length=32, blank=True)
    max_member_count = models.BigIntegerField(null=True, blank=True)
    max_seat_count = models.IntegerField(null=True, blank=True)
    is_public_visible = models.BooleanField(null=True)
    is_message_disabled = models.BooleanField(null=True)
    is_unlimited_room_enabled = models.BooleanField(null=True)

    # Figures, each with the time (Unix seconds) it was read. Null: the vendor has not told.
    online = models.BigIntegerField(null=True)
    online_source = models.CharField(
        max_length=16, blank=True, help_text="OnlineCount, MemberCount or members"
    )
    online_at = models.BigIntegerField(null=True)
    views = models.BigIntegerField(
        null=True, help_text="ViewCount: entries so far, not people online"
    )
    reward = models.BigIntegerField(null=True, help_text="TotalGiftCoins, coins")
    gifts = models.BigIntegerField(null=True, help_text="TotalGiftsSent")
    gift_senders = models.BigIntegerField(null=True)
    likes = models.BigIntegerField(null=True)
    messages = models.BigIntegerField(null=True, help_text="TotalMsgCount")
    statistics_at = models.BigIntegerField(null=True)
    # What the platform's backend reported, where gifts do not run through the vendor.
    reported_coins = models.BigIntegerField(null=True)
    reported_gifts = models.BigIntegerField(null=True)

    # The host, as seat list, member list and webhooks tell. Written by rooms.ingest.host_events
    # alone.
    host_state = models.CharField(
        max_length=16, blank=True, default="", db_default="", choices=HostState.choices
    )
    host_state_at = models.BigIntegerField(null=True, help_text="Unix seconds: since when it is so")
    host_state_source = models.CharField(
        max_length=16, blank=True, default="", db_default="", help_text="seats, members or event"
    )
    host_read_at = models.BigIntegerField(
        null=True, help_text="Unix seconds: when a REST answer last told of it"
    )
    host_started_at = models.BigIntegerField(
        null=True, help_text="Unix seconds: first seen on a seat of this broadcast; null: never"
    )

    # What it is found by, see rooms.infra.folded; rooms.ingest.room_writer writes them too.
    folded_room_id = Folded("room_id")
    folded_name = Folded("name")
    folded_owner_account = Folded("owner_account")
    folded_owner_name = Folded("owner_name")

    # What we know about knowing it.
    first_seen_at = models.DateTimeField()
    facts_changed_at = models.DateTimeField(
        help_text="when something other than a figure last changed"
    )
    ended_at = models.DateTimeField(null=True)
    end_cause = models.CharField(max_length=16, blank=True, choices=EndCause.choices)

    objects = RoomQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room_id", "create_time"], name="one_row_per_broadcast"
            ),
            models.UniqueConstraint(
                fields=["room_id"],
                condition=Q(ended_at__isnull=True),
                name="one_live_broadcast_per_room_id",
            ),
        ]
        indexes = [
            HighestFirst(
                fields=["-online", "id"], condition=Q(ended_at__isnull=True), name="live_by_online"
            ),
            HighestFirst(
                fields=["-reward", "id"], condition=Q(ended_at__isnull=True), name="live_by_reward"
            ),
            models.Index(
                fields=["-create_time", "id"],
                condition=Q(ended_at__isnull=True),
                name="live_by_newest",
            ),
            models.Index(
                fields=["folded_name", "id"],
                condition=Q(ended_at__isnull=True),
                name="live_by_name",
            ),
            *(
                models.Index(
                    fields=[f"folded_{name}"],
                    condition=Q(ended_at__isnull=False),
                    name=f"past_by_{name}",
                )
                for name in ("room_id", "owner_account", "name", "owner_name")
            ),
            models.Index(fields=["first_seen_at"], name="by_first_seen"),
            # Without its condition SQLite looks for live rooms here, and sorts them all for every
            # page.
            models.Index(
                fields=["-ended_at", "id"], condition=Q(ended_at__isnull=False), name="lately_ended"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} since {self.create_time}"

    @property
    def is_live(self) -> bool:
        return self.ended_at is None

    def was_told_within(self, seconds: float) -> bool:
        """Whether the vendor told of this very broadcast so lately: a count of people from the
        listing or from get_room_info comes with the CreateTime. Where no such count is told the
        answer is no.
        """
        if (
            not self.is_live
            or self.online_at is None
            or self.online_source not in TOLD_WITH_CREATE_TIME
        ):
            return False
        return abs(database_time.unix() - self.online_at) <= seconds

    def is_followed_by(self, create_time: int) -> bool:
        """Whether a CreateTime told now is that of a later broadcast under the same RoomId."""
        return is_later_broadcast(create_time, self.create_time, row_told=self.create_time_told)

    @property
    def title(self) -> str:
        """What a person calls it: its name, else its RoomId."""
        return self.name or self.room_id

    @property
    def host(self) -> str:
        """What a person calls its host: the nick, else the account."""
        return self.owner_name or self.owner_account


class Sample(models.Model):
    """The figures of one broadcast in one minute: the last reading of that minute."""

    goes_with_its_room = True  # see rooms.retention

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="samples", db_index=False)
    minute = models.IntegerField(help_text="Unix seconds divided by 60", db_index=True)
    online = models.BigIntegerField(null=True)
    reward = models.BigIntegerField(null=True, help_text="total so far, coins")
    gifts = models.BigIntegerField(null=True, help_text="total so far")
    messages = models.BigIntegerField(null=True, help_text="total so far")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["room", "minute"], name="one_sample_per_room_and_minute"
            )
        ]

    def __str__(self) -> str:
        return f"room {self.room_id} minute {self.minute}"


class ChatLine(models.Model):
    """What somebody said in a room, as the after-message webhook told it."""

    goes_with_its_room = True  # see rooms.retention

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="chat", db_index=False)
    at_ms = models.BigIntegerField(help_text="Unix milliseconds", db_index=True)
    message_id = models.CharField(max_length=128)
    account = models.CharField(max_length=128)
    text = models.TextField()
    terms = Terms()  # what it is found by: see rooms.infra.chat_index

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["room", "message_id"], name="one_line_per_message")
        ]
        indexes = [
            models.Index(fields=["room", "-at_ms"], name="chat_of_a_room"),
            models.Index(fields=["account", "-at_ms"], name="chat_of_an_account"),
        ]

    def __str__(self) -> str:
        return f"room {self.room_id} {self.message_id}"


class RoomEvent(models.Model):
    """Something that happened in a room and is no figure.

    `key` makes an event told twice one event.
    """

    goes_with_its_room = True

    class Kind(models.TextChoices):
        HOST = "host", "the host came, went, lost the heartbeat or came back"
        LABEL = "label", "a classifier's label"
        OWNER = "owner", "another owner"
        ADMINS = "admins", "room administrators changed"
        INFO = "info", "facts changed"
        METADATA = "metadata", "metadata changed"
        SEATS = "seats", "seats changed"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="events", db_index=False)
    at_ms = models.BigIntegerField(help_text="Unix milliseconds")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    account = models.CharField(max_length=128, blank=True)
    detail = models.JSONField(default=dict, blank=True)
    key = models.CharField(max_length=120, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["room", "-at_ms"], name="events_of_a_room"),
            models.Index(fields=["kind", "at_ms"], name="events_of_a_kind"),
            models.Index(fields=["account"], name="events_about_an_account"),
        ]

    def __str__(self) -> str:
        return f"room {self.room_id} {self.kind} at {self.at_ms}"


class Still(models.Model):
    """The newest small picture of a broadcast, as far as it is known; the picture is in Redis
    (rooms.pictures.stills).
    """

    goes_with_its_room = True

    class State(models.TextChoices):
        UNKNOWN = "", "not known"
        FINE = "fine", "moving"
        BLACK = "black", "black"
        FROZEN = "frozen", "frozen"
        MISSING = "missing", "no picture"

    room = models.OneToOneField(Room, on_delete=models.CASCADE, related_name="still")
    taken_at = models.BigIntegerField(null=True, help_text="Unix seconds; null: there was none yet")
    tried_at = models.BigIntegerField(help_text="Unix seconds")
    source = models.CharField(max_length=16, blank=True, help_text="hls, address or tile")
    digest = models.CharField(max_length=16, blank=True, help_text="names the picture")
    hash = models.CharField(max_length=32, blank=True, help_text="dHash of 128 bits, hex")
    hashes = models.CharField(
        max_length=300,
        blank=True,
        default="",
        db_default="",
        help_text="dHashes of the last different pictures, newest first",
    )
    state = models.CharField(max_length=16, blank=True, default="", choices=State.choices)
    state_since = models.BigIntegerField(null=True, help_text="Unix seconds")
    error = models.CharField(max_length=40, blank=True, help_text="why the last try gave none")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"room {self.room_id} {self.state} {self.digest}"


class ReportedGift(models.Model):
    """A report of the platform's backend that was added to Room.reported_*: the same once more is
    not added again.
    """

    goes_with_its_room = True

    room = models.ForeignKey(
        Room, on_delete=models.CASCADE, related_name="gift_reports", db_index=False
    )
    key = models.CharField(
        max_length=64, help_text="SHA-256 of who reports and its own name of the gift, hex"
    )
    coins = models.BigIntegerField()
    gifts = models.IntegerField()
    at = models.DateTimeField(default=database_time.now, editable=False, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["room", "key"], name="one_report_per_gift")]
        default_permissions = ()

    def __str__(self) -> str:
        return f"room {self.room_id} {self.coins} coins"


class CollectorLease(models.Model):
    """A single row: the number of the newest leader. An older leader's writes are refused by it."""

    fence = models.BigIntegerField(default=0)
    holder = models.CharField(max_length=100, blank=True)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.holder} ({self.fence})"
