"""The settings as a whole: what starts, what does not, and where the stores come from."""

import shutil
from pathlib import Path

import pytest

from tests.config.running import ROOT, python, settled

LONG = "k" * 50


def test_nonsense_ends_manage_py_in_words_and_without_a_trace() -> None:
    answer = python(
        "manage.py",
        "check",
        LIVE_SDKAPPID="abc",
        LIVE_SHARE="7",
        LIVEWARDEN_TIME_ZONE="Mars/Olympus",
    )

    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr
    assert "LIVE_SDKAPPID takes a whole number" in answer.stderr
    assert "LIVE_SHARE takes a number from 0.01 to 1." in answer.stderr
    assert "LIVEWARDEN_TIME_ZONE takes the name of a time zone" in answer.stderr


@pytest.mark.parametrize(
    "program",
    [
        ("daphne", "-p", "0", "config.asgi:application"),
        ("celery", "-A", "config", "worker", "-P", "solo"),
    ],
    ids=["web", "worker"],
)
def test_nonsense_ends_every_server_in_words_and_without_a_trace(program: tuple[str, ...]) -> None:
    answer = python("-m", *program, LIVE_SDKAPPID="abc")

    assert answer.returncode != 0
    assert "Traceback" not in answer.stderr
    assert "LIVE_SDKAPPID takes a whole number" in answer.stderr


@pytest.mark.parametrize(
    "program",
    [
        ("-m", "daphne", "-p", "0", "config.asgi:application"),
        ("-m", "celery", "-A", "config", "worker", "-P", "solo"),
        ("-m", "celery", "-A", "config", "beat", "--pidfile=", "-s", "/dev/null/x"),
        ("manage.py", "check"),
    ],
    ids=["web", "worker", "beat", "manage"],
)
def test_production_refuses_a_short_secret(program: tuple[str, ...]) -> None:
    answer = python(*program, LIVEWARDEN_MODE="production", LIVEWARDEN_SECRET_KEY="short")

    assert answer.returncode != 0
    assert "LIVEWARDEN_SECRET_KEY is not set, or too short" in answer.stderr
    assert "Traceback" not in answer.stderr


SERVES = pytest.mark.parametrize(
    "program",
    [("-m", "daphne", "-p", "0", "config.asgi:application"), ("manage.py", "check", "--deploy")],
    ids=["web", "manage"],
)


@SERVES
def test_what_signs_does_not_start_without_a_key_in_production(program: tuple[str, ...]) -> None:
    answer = python(*program, LIVEWARDEN_MODE="production")

    assert answer.returncode != 0
    assert "LIVEWARDEN_SECRET_KEY is not set, or too short" in answer.stderr
    assert "Traceback" not in answer.stderr


@SERVES
def test_production_is_told_where_pictures_come_from(program: tuple[str, ...]) -> None:
    answer = python(*program, LIVEWARDEN_MODE="production", LIVEWARDEN_SECRET_KEY=LONG)

    assert answer.returncode != 0
    assert "LIVEWARDEN_IMAGE_ORIGINS is not set" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_what_does_not_sign_needs_no_key_and_never_has_the_one_of_the_source() -> None:
    code = (
        "from config.checks import refuse_nonsense; refuse_nonsense(); "
        "assert len(settings.SECRET_KEY) >= 50 and settings.SECRET_KEY != "
        "settings.UNSAFE_SECRET_KEY"
    )

    answer = settled(code, LIVEWARDEN_MODE="production")

    assert answer.returncode == 0, answer.stderr


def test_production_refuses_debug_and_any_host() -> None:
    answer = python(
        "manage.py",
        "check",
        LIVEWARDEN_SECRET_KEY=LONG,
        LIVEWARDEN_DEBUG="1",
        LIVEWARDEN_ALLOWED_HOSTS="*",
    )

    assert "livewarden.E002" in answer.stderr
    assert "livewarden.E003" in answer.stderr


def test_production_starts_with_a_secret_of_its_own_and_secure_cookies() -> None:
    code = "print(settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_HSTS_SECONDS > 0)"

    assert python("manage.py", "check", LIVEWARDEN_SECRET_KEY=LONG).returncode == 0
    assert settled(code, LIVEWARDEN_SECRET_KEY=LONG).stdout.split() == ["True"] * 3


def test_production_tells_browsers_to_stay_with_https() -> None:
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "answer = Client().get('/healthz', secure=True, headers={'host': '127.0.0.1'})\n"
        "print(answer.status_code, answer.headers['Strict-Transport-Security'])"
    )

    assert settled(code, LIVEWARDEN_SECRET_KEY=LONG).stdout.split() == ["200", "max-age=31536000"]


def test_production_passes_the_checks_for_deployment() -> None:
    answer = python(
        "manage.py",
        "check",
        "--deploy",
        "--fail-level",
        "WARNING",
        LIVEWARDEN_SECRET_KEY="a9Xk3vQ8mZ" * 6,
        LIVEWARDEN_ALLOWED_HOSTS="console.example.org",
        LIVEWARDEN_IMAGE_ORIGINS="https://img.live.example",
    )

    assert answer.returncode == 0, answer.stderr


def test_an_account_in_parts_is_refused() -> None:
    answer = python("manage.py", "check", LIVEWARDEN_MODE="demo", LIVE_SDKAPPID="1400000000")

    assert "LIVE_SECRET_KEY, LIVE_HOST not set" in answer.stderr


def test_stores_are_embedded_unless_addresses_are_given() -> None:
    code = "print(settings.DATABASES['default']['ENGINE'], settings.CELERY_BROKER_URL)"
    given = {"REDIS_URL": "redis://r.example:6379/2", "DATABASE_URL": "postgres://a:b@d.example/c"}

    embedded = settled(code, LIVEWARDEN_DATA_DIR="/tmp/somewhere").stdout.split()
    grown_up = settled(code, **given).stdout.split()

    assert embedded == ["django.db.backends.sqlite3", "redis+socket:///tmp/somewhere/valkey.sock"]
    assert grown_up == ["django.db.backends.postgresql", "redis://r.example:6379/2"]


@pytest.mark.parametrize(
    ("mode", "address", "wanted"),
    [
        (
            "production",
            "",
            "-c idle_in_transaction_session_timeout=5000 -c statement_timeout=30000",
        ),
        ("test", "", ""),
        (
            "production",
            "?options=-c%20work_mem=8MB",
            "-c work_mem=8MB -c idle_in_transaction_session_timeout=5000 -c "
            "statement_timeout=30000",
        ),
    ],
)
def test_a_stopped_process_keeps_no_lock_of_postgresql_for_long(
    mode: str, address: str, wanted: str
) -> None:
    code = "print(settings.DATABASES['default']['OPTIONS']['options'])"
    given = {"DATABASE_URL": f"postgres://a:b@d.example/c{address}", "LIVEWARDEN_MODE": mode}

    assert settled(code, **given).stdout.strip() == wanted


def test_nobody_waits_long_for_a_postgresql_that_is_away() -> None:
    code = (
        "found = settings.DATABASES['default']; options = found['OPTIONS']; pool = "
        "options['pool']; "
        "print(options['connect_timeout'] <= 2, pool['timeout'] < 2, pool['reconnect_timeout'] <= "
        "1, found['CONN_HEALTH_CHECKS'])"
    )
    given = {"DATABASE_URL": "postgres://a:b@d.example/c", "LIVEWARDEN_MODE": "test"}

    assert settled(code, **given).stdout.split() == ["True"] * 4


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The settings in a folder of their own, where a `.env` may be written."""
    for package in ("config", "launcher"):
        shutil.copytree(ROOT / package, tmp_path / package)
    (tmp_path / "config" / "__init__.py").write_text("")
    return tmp_path


def test_dotenv_completes_the_environment_and_never_overrides_it(copy: Path) -> None:
    (copy / ".env").write_text(
        "LIVE_SDKAPPID=1400000123\nexport LIVE_SHARE='0.25'\nLIVE_ADMIN=from-file\n"
    )
    code = "from config import settings as s; print(s.LIVE_SDKAPPID, s.LIVE_SHARE, s.LIVE_ADMIN)"

    answer = python("-c", code, folder=copy, LIVE_ADMIN="from-environment")

    assert answer.stdout.split() == ["1400000123", "0.25", "from-environment"]


def test_the_tests_never_read_dotenv(copy: Path) -> None:
    (copy / ".env").write_text("LIVE_SDKAPPID=1400000123\n")
    code = "from config import settings as s; print(s.LIVE_SDKAPPID)"

    assert python("-c", code, folder=copy, LIVEWARDEN_MODE="test").stdout.split() == ["0"]
