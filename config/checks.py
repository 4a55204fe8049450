"""Refuses to start on settings that do not go together: each error names the variable and what to
do.

Single values out of bounds are refused earlier, by `config.environment`.
"""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

MIN_KEY_LENGTH = 40
NO_KEY = Error(
    "LIVEWARDEN_SECRET_KEY is not set, or too short, while LIVEWARDEN_MODE is production.",
    hint="Set it to 50 or more random characters, the same on every machine.",
    id="livewarden.E001",
)


@register()
def secrets_are_own(**_: object) -> list[CheckMessage]:
    """In production a signing key that is given must be long, and not the one of the source."""
    if settings.PLAIN_HTTP or not settings.SIGNS or len(settings.SECRET_KEY) >= MIN_KEY_LENGTH:
        return []
    return [NO_KEY]


@register(deploy=True)
def there_is_a_key(**_: object) -> list[CheckMessage]:
    """In production a web process needs a signing key; no other process signs anything."""
    return [] if settings.PLAIN_HTTP or settings.SIGNS else [NO_KEY]


@register(deploy=True)
def pictures_have_a_place(**_: object) -> list[CheckMessage]:
    """In production a web process is told where covers come from: a host's own server would learn
    who looks, and when.
    """
    if settings.PLAIN_HTTP or settings.IMAGE_ORIGINS:
        return []
    return [
        Error(
            "LIVEWARDEN_IMAGE_ORIGINS is not set while LIVEWARDEN_MODE is production.",
            hint="Name where covers and avatars come from, for example https://cdn.example.org, or "
            "https: for anywhere.",
            id="livewarden.E005",
        )
    ]


@register()
def production_is_closed(**_: object) -> list[CheckMessage]:
    """What is meant for one machine and one person must not reach production."""
    if settings.PLAIN_HTTP and not settings.DEBUG:
        return []
    errors: list[CheckMessage] = []
    if settings.MODE == "production" and settings.DEBUG:
        errors.append(
            Error(
                "LIVEWARDEN_DEBUG is on while LIVEWARDEN_MODE is production.",
                hint="Its error pages show settings. Switch it off, or set LIVEWARDEN_MODE=demo.",
                id="livewarden.E002",
            )
        )
    if settings.MODE == "production" and "*" in settings.ALLOWED_HOSTS:
        errors.append(
            Error(
                "LIVEWARDEN_ALLOWED_HOSTS takes any host while LIVEWARDEN_MODE is production.",
                hint="Name the host people type, for example console.example.org.",
                id="livewarden.E003",
            )
        )
    return errors


@register()
def the_account_is_whole(**_: object) -> list[CheckMessage]:
    """The vendor's account is given whole or not at all."""
    values = {
        "LIVE_SDKAPPID": settings.LIVE_SDKAPPID,
        "LIVE_SECRET_KEY": settings.LIVE_SECRET_KEY,
        "LIVE_ADMIN": settings.LIVE_ADMIN,
        "LIVE_HOST": settings.LIVE_HOST,
    }
    missing = [name for name, value in values.items() if not value]
    if not missing or not (
        settings.LIVE_SDKAPPID or settings.LIVE_SECRET_KEY or settings.LIVE_HOST
    ):
        return []
    return [
        Error(
            f"{', '.join(missing)} not set, while the rest of the vendor's account is.",
            hint="LIVE_SDKAPPID, LIVE_SECRET_KEY, LIVE_ADMIN and LIVE_HOST go together.",
            id="livewarden.E004",
        )
    ]


def refuse_nonsense(*, signs: bool = False) -> None:
    """Ends the process, in words, when one of the checks above fails.

    `signs`: it serves pages. Raises SystemExit.
    """
    checks = [secrets_are_own, production_is_closed, the_account_is_whole]
    if signs:
        checks += [there_is_a_key, pictures_have_a_place]
    errors = [error for check in checks for error in check()]
    if errors:
        lines = "\n".join(f"  {error.msg} {error.hint}" for error in errors)
        raise SystemExit(f"Livewarden does not start, its settings need a change:\n{lines}")
