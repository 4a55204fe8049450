"""What a warning says to the host: the same for the form that shows it before and for the call that
sends it.
"""

from dataclasses import dataclass

from django.conf import settings

from moderation.models import Policy


@dataclass(frozen=True, slots=True)
class WarningText:
    """In `language`, a code of settings.LANGUAGES. advice: what the reason tells the host to do, ""
    where it has no words of its own.
    """

    language: str
    reason: str
    text: str
    advice: str


def warning_text(policy: Policy, text: str, language: str) -> WarningText:
    """text: as a person has written it; "": that of the reason. language: "": the hosts' one."""
    language = language or settings.HOST_LANGUAGE
    return WarningText(
        language=language,
        reason=policy.title_in(language),
        text=text.strip() or policy.text_in(language),
        advice=policy.text_in(language) if policy.text else "",
    )
