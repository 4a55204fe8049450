"""Tells the websockets of an account that it has changed: log-out, a new password, another role, no access any more.

They are looked at within a minute anyway (`monitor.consumers`); this makes it a moment.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models.signals import m2m_changed, post_delete, post_save

from rooms import live


def connect() -> None:
    """Once, when the application is ready."""
    user_model: Any = get_user_model()
    post_save.connect(account_saved, sender=user_model, dispatch_uid="monitor.account_saved")
    m2m_changed.connect(role_changed, sender=user_model.groups.through, dispatch_uid="monitor.role_changed")
    # Not user_logged_out: Django sends that while the session still is there.
    post_delete.connect(session_ended, sender=Session, dispatch_uid="monitor.session_ended")


def account_saved(instance: Any, **_: Any) -> None:
    tell(instance.pk)


def role_changed(instance: Any, action: str, **_: Any) -> None:
    if action.startswith("post_") and isinstance(instance, get_user_model()):
        tell(instance.pk)


def session_ended(instance: Any, **_: Any) -> None:
    if person := instance.get_decoded().get(SESSION_KEY):
        tell(person)


def tell(person: Any) -> None:
    transaction.on_commit(lambda: live.publish_person(int(person)))
