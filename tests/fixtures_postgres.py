"""A real PostgreSQL of a module's own, for what only its owner may do.

Needs the binaries of ./run test --postgres.
"""

import importlib.util
from collections.abc import Iterator

import pytest

from launcher.development import postgres


@pytest.fixture(scope="module")
def postgres_process() -> Iterator[postgres.Server]:
    """One that can be stopped, made to hang and started again."""
    if importlib.util.find_spec(postgres.PACKAGE) is None:
        pytest.skip("PostgreSQL's binaries come with ./run test --postgres")
    with postgres.running() as made:
        yield made


@pytest.fixture(scope="module")
def postgres_server(postgres_process: postgres.Server) -> str:
    """Its owner's address."""
    return postgres_process.url
