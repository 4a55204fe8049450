"""What belongs to a person's screen: preferences, saved views.

Facts live in `rooms`, acts in `moderation`.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Preference(models.Model):
    """How a person wants the console to look. No row: the defaults."""

    class Theme(models.TextChoices):
        SYSTEM = "", _("as the system")
        DARK = "dark", _("dark")
        LIGHT = "light", _("light")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="preference"
    )
    language = models.CharField(
        max_length=16, blank=True, help_text="a code of settings.LANGUAGES; empty: the browser's"
    )
    time_zone = models.CharField(
        max_length=64, blank=True, help_text="an IANA name; empty: the console's"
    )
    theme = models.CharField(max_length=8, blank=True, choices=Theme.choices)
    blur = models.BooleanField(
        default=False, help_text="pictures are blurred until they are pointed at"
    )
    greyscale = models.BooleanField(default=False, help_text="pictures without colour")
    muted = models.BooleanField(default=True, help_text="pictures start without sound")
    columns = models.CharField(
        max_length=200, blank=True, help_text="of the list, see monitor.listing.columns"
    )
    single_keys = models.BooleanField(default=True, help_text="single keys act (WCAG 2.1.4)")

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"preferences of {self.user_id}"


class SavedView(models.Model):
    """An address of the list or the wall under a name: filters, sort, pinned rooms.

    Shared ones are everybody's to open.
    """

    class Page(models.TextChoices):
        ROOMS = "rooms", _("Rooms")
        WALL = "wall", _("Wall")

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views"
    )
    name = models.CharField(max_length=60)
    page = models.CharField(max_length=8, choices=Page.choices)
    query = models.CharField(
        max_length=2000, blank=True, help_text="the part of the address after the ?"
    )
    is_shared = models.BooleanField(default=False)

    class Meta:
        ordering = ["name"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"], name="one_view_of_a_name_and_owner"
            )
        ]

    def __str__(self) -> str:
        return f"{self.page}?{self.query}"
