"""Both clients, one after the other, for every test that asks for `asker`."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.liveapi.asking import Loop, Threads


@pytest.fixture(params=[Threads, Loop], ids=["threads", "loop"])
def asker(request: pytest.FixtureRequest) -> Iterator[Any]:
    """asker(handler=None, config=..., observer=...) -> ask(call), client; closed afterwards."""
    made: list[Any] = []

    def make(*arguments: Any, **options: Any) -> Any:
        made.append(request.param(*arguments, **options))
        return made[-1]

    yield make
    for one in made:
        one.close()
