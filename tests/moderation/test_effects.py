"""What an act sends to the vendor."""

import pytest

from moderation import effects
from moderation.models import Action
from rooms.models import Room


def test_a_verb_that_nobody_taught_the_worker_sends_nothing():
    action = Action(verb="polish", room=Room(room_id="r"), account="a")

    with pytest.raises(ValueError, match="polish"):
        effects.command_of(action)
