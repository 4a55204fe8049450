"""What all tests share."""

import contextlib
import os
import sqlite3

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.utils import translation

from rooms.infra import database_time

pytest_plugins = [
    "tests.fixtures_postgres",
    "tests.fixtures_valkey",
    "tests.support.clocks",
    "tests.support.factories",
    "tests.support.streams",
]

# A busy machine is no failure: examples have no time limit of their own. In CI the same examples
# every time, so that a red run means the change and not the dice; developers' machines look
# further.
hypothesis.settings.register_profile("livewarden", deadline=None)
hypothesis.settings.register_profile("ci", deadline=None, derandomize=True)
hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "livewarden")


@pytest.fixture(autouse=True)
def in_english():
    """A request leaves the language of its person active in its thread; the next test must not meet
    it.
    """
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def own_clock():
    """A test that measured the database's clock must not leave the offset to the next, which sets
    its own time.
    """
    yield
    database_time.forget()


# `./run test --mutants` starts pytest hundreds of times: a copy of a migrated database takes
# milliseconds, and the migrations seconds. Migrations are none of what is mutated.
if TEMPLATE := os.environ.get("TEST_DATABASE_TEMPLATE"):

    @pytest.fixture(scope="session")
    def django_db_setup(django_test_environment, django_db_blocker):
        name = connection.creation._get_test_db_name()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
        with django_db_blocker.unblock(), contextlib.closing(sqlite3.connect(TEMPLATE)) as template:
            connection.ensure_connection()
            template.backup(connection.connection)
