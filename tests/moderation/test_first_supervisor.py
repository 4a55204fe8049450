"""How an installation gets its first account, and who must not be there before it."""

import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client

from moderation.core.roles import make_person
from moderation.management.commands import first_supervisor
from moderation.models import AuditEntry
from moderation.staff import accounts
from monitor.realtime import sessions

GOOD = "quite-a-long-passage-of-7"
pytestmark = pytest.mark.django_db


def made(name: str = "ada", **options: Any) -> str:
    out = io.StringIO()
    call_command("first_supervisor", name, stdout=out, **options)
    return out.getvalue()


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def typing(monkeypatch: pytest.MonkeyPatch, *words: str) -> None:
    answers = iter(words)
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr(first_supervisor.getpass, "getpass", lambda prompt: next(answers))


def test_a_one_time_password_is_printed_once_and_logs_in(client: Client) -> None:
    password = made(one_time=True).split()[-1]

    assert len(password) >= 20
    answer = client.post("/login", {"username": "ada", "password": password})
    assert answer.status_code == 302
    assert User.objects.get(username="ada").groups.get().name == "supervisor"
    entry = AuditEntry.objects.get(verb="make_person")
    assert (entry.actor, entry.account, entry.outcome) == ("system:first_supervisor", "ada", "done")
    assert entry.after == {"role": "supervisor", "is_active": True, "must_change_password": True}
    assert password not in str(entry.__dict__)


def test_a_typed_password_is_asked_for_twice_and_shown_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    typing(monkeypatch, GOOD, GOOD)

    assert GOOD not in made()
    assert User.objects.get(username="ada").check_password(GOOD)


@pytest.mark.parametrize(
    ("words", "refusal"),
    [
        (("short", "short"), "too short"),
        (("ada-lovelace-1", "ada-lovelace-1"), "too similar"),
        ((GOOD, GOOD + "x"), "not the same"),
    ],
)
def test_a_bad_password_is_refused_in_words(
    words: tuple[str, str], refusal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    typing(monkeypatch, *words)

    with pytest.raises(CommandError, match=refusal):
        made("ada-lovelace")
    assert not User.objects.exists()


def test_without_a_terminal_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))

    with pytest.raises(CommandError, match="--one-time"):
        made()


@pytest.mark.parametrize("name", ["", "a", "a b", "x" * 151])
def test_a_name_that_no_form_takes_is_refused(name: str) -> None:
    with pytest.raises(CommandError):
        made(name, one_time=True)
    assert not User.objects.exists()


def test_it_is_refused_while_an_active_supervisor_exists() -> None:
    old = make_person("old", "supervisor", GOOD)

    with pytest.raises(CommandError, match="already: old"):
        made(one_time=True)

    old.is_active = False
    old.save()
    assert "Made the supervisor ada" in made(one_time=True)


def test_a_taken_name_is_refused() -> None:
    make_person("Ada", "moderator", GOOD)

    with pytest.raises(CommandError, match="taken"):
        made("ada", one_time=True)


def test_the_password_must_be_changed_before_any_other_page(client: Client) -> None:
    made(one_time=True)
    person = User.objects.get(username="ada")
    person.set_password(GOOD)
    person.save()
    client.force_login(person, backend="monitor.backends.ScreenBackend")

    for address in ("/", "/people", "/audit", "/live", "/omnibox", "/system"):
        answer = client.get(address)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/password"), address
    assert sessions.standing(client.session.session_key or "").code == sessions.NOT_ALLOWED

    new = {
        "old_password": GOOD,
        "new_password1": "another-of-my-own-9",
        "new_password2": "another-of-my-own-9",
    }
    assert client.get("/password").status_code == 200
    assert client.post("/password", new).status_code == 302
    assert client.get("/people").status_code == 200


def test_demo_people_are_made_only_beside_the_simulated_platform(settings: Any) -> None:
    call_command("demo_people", password=GOOD, stdout=io.StringIO())
    assert User.objects.count() == 4
    User.objects.all().delete()

    settings.MODE = "production"
    with pytest.raises(CommandError, match="first_supervisor"):
        call_command("demo_people", password=GOOD)
    settings.MODE, settings.LIVE_ALLOW_LOOPBACK = "demo", False
    with pytest.raises(CommandError, match="first_supervisor"):
        call_command("demo_people", password=GOOD)
    assert not User.objects.exists()


def test_a_real_account_disables_the_demo_people_and_the_simulator_enables_them() -> None:
    accounts.open_demo(GOOD)
    own = User.objects.get(username="auditor")
    own.set_password("a-password-of-their-own")
    own.save()

    assert sorted(accounts.close_demo(GOOD)) == ["banadmin", "moderator", "supervisor"]
    assert [p.username for p in User.objects.filter(is_active=True)] == ["auditor"]
    assert AuditEntry.objects.filter(verb="change_person", actor="system:demo_people").count() == 3
    assert accounts.close_demo(GOOD) == []
    assert sorted(accounts.open_demo(GOOD)) == ["banadmin", "moderator", "supervisor"]


def test_without_a_password_of_the_demo_nobody_is_closed() -> None:
    make_person("moderator", "moderator", GOOD)

    assert accounts.close_demo("") == []
