"""Whether a session may still watch; and word to its websockets when its account has changed.

Log-out, a new password, another role, no access any more: they are looked at within a minute anyway
(`monitor.realtime.hub`), the word makes it a moment.
"""

from collections.abc import Mapping
from typing import NamedTuple

from django.contrib.auth import SESSION_KEY, get_user, get_user_model
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import OperationalError, transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from moderation.core.roles import code_name
from rooms.infra import database, database_time
from rooms.live import push

BAD_MESSAGES, NOT_LOGGED_IN, NOT_ALLOWED, TOO_MUCH = 4400, 4401, 4403, 4429
AGAIN = 1013
REASONS = {
    BAD_MESSAGES: "too many messages that are none of ours",
    AGAIN: "the database does not answer now",
    NOT_LOGGED_IN: "not logged in",
    NOT_ALLOWED: "this account may not watch rooms",
    TOO_MUCH: "too many messages in a short time, or too many tabs of one session",
}


class SessionRequest:
    """What django.contrib.auth.get_user needs of a request: a session, read anew from its row."""

    def __init__(self, key: str) -> None:
        self.session = SessionStore(key or None)


class Standing(NamedTuple):
    """code: to close with, or 0. person: primary key, or 0. name: what colleagues see."""

    code: int
    person: int = 0
    name: str = ""


def standing(key: str) -> Standing:
    """Of a session, from the database each time."""
    if database.is_away():
        raise OperationalError("the database was away a moment ago and is not asked")
    user = get_user(SessionRequest(key))  # type: ignore[arg-type]
    if not isinstance(user, User):
        return Standing(NOT_LOGGED_IN)
    staff = getattr(user, "staff", None)
    may_watch = user.has_perm("moderation.watch_rooms") and not (
        staff and staff.must_change_password
    )
    code = 0 if may_watch else NOT_ALLOWED
    return Standing(code, int(user.pk), code_name(user) or user.get_username())


def made_of(people: Mapping[str, int]) -> dict[str, object]:
    """Session -> all that its standing follows from, and its account's; a session that is over is
    left out.

    people: session -> primary key of its account. Three questions for all of them, as a thousand
    times `standing` would take a second: where the answer is the same as before, so is the
    standing.
    """
    stored = Session.objects.filter(pk__in=list(people), expire_date__gt=database_time.now())
    roles: dict[int, list[str]] = {}
    for person, role in User.groups.through.objects.filter(user_id__in=people.values()).values_list(
        "user_id", "group__name"
    ):
        roles.setdefault(person, []).append(role)
    accounts = {
        person: (*account, sorted(roles.get(person, ())))
        for person, *account in User.objects.filter(pk__in=people.values()).values_list(
            "pk", "password", "is_active", "is_superuser"
        )
    }
    return {
        key: (data, accounts.get(people[key]))
        for key, data in stored.values_list("pk", "session_data")
    }


def connect() -> None:
    """Once, when the application is ready."""
    user_model = get_user_model()
    post_save.connect(account_saved, sender=user_model, dispatch_uid="monitor.account_saved")
    m2m_changed.connect(
        role_changed, sender=user_model.groups.through, dispatch_uid="monitor.role_changed"
    )
    # Not user_logged_out: Django sends that while the session still is there.
    post_delete.connect(session_ended, sender=Session, dispatch_uid="monitor.session_ended")


def account_saved(instance: User, **_: object) -> None:
    tell(instance.pk)


def role_changed(instance: object, action: str, **_: object) -> None:
    if action.startswith("post_") and isinstance(instance, get_user_model()):
        tell(instance.pk)


def session_ended(instance: Session, **_: object) -> None:
    if person := instance.get_decoded().get(SESSION_KEY):
        tell(person)


def tell(person: int | str) -> None:
    transaction.on_commit(lambda: push.publish_person(int(person)))
