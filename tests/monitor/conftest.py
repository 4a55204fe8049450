"""What the tests of the screens share with those of the facts."""

from tests.rooms.conftest import hot

__all__ = ["hot"]
