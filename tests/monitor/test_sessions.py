"""Whose session still may watch, and what that follows from."""

import datetime as dt

import pytest
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from moderation.core.roles import make_person
from monitor.realtime import sessions
from monitor.realtime.sessions import NOT_ALLOWED, NOT_LOGGED_IN

pytestmark = pytest.mark.django_db
PASSWORD = "the-heron-stands-still-9"


@pytest.fixture
def session():
    """The session of a moderator, and its account."""
    user = make_person("ada", "moderator", PASSWORD)
    client = Client()
    client.force_login(user, backend="monitor.backends.ScreenBackend")
    return client.cookies["sessionid"].value, User.objects.get(pk=user.pk)


def logged_out(key: str, user: User) -> None:
    Session.objects.filter(pk=key).delete()


def over(key: str, user: User) -> None:
    Session.objects.filter(pk=key).update(expire_date=timezone.now() - dt.timedelta(seconds=1))


def new_password(key: str, user: User) -> None:
    user.set_password("another-" + PASSWORD)
    user.save()


def disabled(key: str, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def deleted(key: str, user: User) -> None:
    user.delete()


def without_role(key: str, user: User) -> None:
    user.groups.clear()


def role_of_nothing(key: str, user: User) -> None:
    user.groups.set([Group.objects.create(name="guest")])


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (logged_out, NOT_LOGGED_IN),
        (over, NOT_LOGGED_IN),
        (new_password, NOT_LOGGED_IN),
        (disabled, NOT_LOGGED_IN),
        (deleted, NOT_LOGGED_IN),
        (without_role, NOT_ALLOWED),
        (role_of_nothing, NOT_ALLOWED),
    ],
)
def test_whatever_takes_a_session_away_is_seen_without_looking_at_each(session, change, code):
    key, user = session
    people = {key: user.pk}
    before = sessions.made_of(people)
    assert sessions.standing(key)[:2] == (0, user.pk)
    assert sessions.made_of(people) == before
    change(key, user)
    assert sessions.standing(key).code == code
    assert sessions.made_of(people).get(key) != before[key]


def test_many_sessions_cost_three_questions(session, django_assert_num_queries):
    key, user = session
    others = {f"of-{number}": number for number in range(1000, 3000)}
    with django_assert_num_queries(3):
        assert set(sessions.made_of({key: user.pk} | others)) == {key}


def test_a_session_that_nobody_has_may_not_watch():
    assert sessions.standing("") == sessions.Standing(NOT_LOGGED_IN)
    assert sessions.made_of({"": 0}) == {}
