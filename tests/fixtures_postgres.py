"""A real PostgreSQL of a module's own, for what only its owner may do. Needs the binaries of ./run test --postgres."""

import importlib.util
from collections.abc import Iterator

import pytest

from launcher import postgres


@pytest.fixture(scope="module")
def postgres_server() -> Iterator[str]:
    """Its owner's address."""
    if importlib.util.find_spec(postgres.PACKAGE) is None:
        pytest.skip("PostgreSQL's binaries come with ./run test --postgres")
    with postgres.server() as address:
        yield address
