"""The people of the console: making an account, changing it, a new password. Each with its entry in the record."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from moderation import audit
from moderation.roles import make_person, role_of, set_role


def state(person: User) -> dict[str, Any]:
    """What an entry tells of a person: {"role": its key, "is_active": bool}."""
    return {"role": role_of(person), "is_active": person.is_active}


@transaction.atomic
def add(*, by: User, username: str, role: str, password: str) -> User:
    """A new account. Raises IntegrityError when the name is taken."""
    made = make_person(username, role, password)
    audit.record(
        by=by, verb="make_person", outcome="done", account=username, after={"role": role, "is_active": True}
    )
    return made


@transaction.atomic
def change(*, by: User, person: User, role: str, is_active: bool, password: str = "") -> User:
    """Role, access and, when given, a new password. A new password ends the person's sessions; so does losing access."""
    before = state(person)
    person.is_active = is_active
    if password:
        person.set_password(password)
    person.save()
    set_role(person, role)
    after = {"role": role, "is_active": is_active, "new_password": bool(password)}
    audit.record(
        by=by, verb="change_person", outcome="done", account=person.username, before=before, after=after
    )
    return person


@transaction.atomic
def change_own_password(*, person: User, password: str) -> None:
    """The person's own new password: every other session of theirs ends."""
    person.set_password(password)
    person.save()
    audit.record(by=person, verb="change_password", outcome="done", account=person.username)
