"""How a person wants the console to look: stored by account, applied by the server before anything
is drawn.
"""

import zoneinfo

from django.conf import settings
from django.contrib.auth.models import User

from monitor.models import Preference

DEFAULT = Preference()


def of(user: object) -> Preference:
    """The person's preferences; the defaults for strangers and for those who never chose.

    Asks nothing (see backends).
    """
    return getattr(user, "preference", None) or DEFAULT


def save(*, by: User, **chosen: object) -> Preference:
    """Stores what was chosen, and leaves the rest as it was."""
    kept, _made = Preference.objects.update_or_create(user=by, defaults=chosen)
    return kept


def zones() -> list[str]:
    """The names of time zones that this machine knows."""
    return sorted(zoneinfo.available_timezones())


def languages() -> set[str]:
    return {code for code, _name in settings.LANGUAGES}
