"""The page of one room."""

import pytest
from django.urls import reverse

from moderation.roles import make_person
from tests.moderation.conftest import PASSWORD, log_in, make_room

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("create_time", [0, 1_700_000_000, 10**15])
def test_a_room_opens_whatever_the_vendor_tells_of_its_beginning(create_time, client):
    room = make_room("room-of-another-time", create_time=create_time)
    answer = log_in(client, make_person("watcher", "moderator", PASSWORD)).get(
        reverse("room", args=[room.pk])
    )
    assert answer.status_code == 200
