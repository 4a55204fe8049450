"""Stills on pages: the image, what is known of it, and where it is drawn."""

import pytest
from django.urls import reverse

from moderation.core.roles import make_person
from rooms.infra import database_time
from rooms.pictures import stills
from rooms.pictures.judgement import Sight
from tests.support.factories import PASSWORD, log_in

JPEG = b"\xff\xd8\xff small"
pytestmark = pytest.mark.django_db


@pytest.fixture
def watcher(client):
    return log_in(client, make_person("noor", "moderator", PASSWORD))


@pytest.fixture
def still(room, hot):
    """A still of the room, taken just now."""
    sight = Sight(
        state="fine", taken_at=database_time.unix(), source="hls", digest=stills.digest_of(JPEG)
    )
    stills.write({room.pk: sight}, {room.pk: JPEG})
    return sight


def test_the_address_of_a_still_names_it_so_a_browser_may_keep_it(watcher, room, still):
    answer = watcher.get(reverse("still", args=[room.pk]), {"v": still.digest})

    assert (answer.status_code, answer.content) == (200, JPEG)
    assert answer["Content-Type"] == "image/jpeg"
    assert "immutable" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_without_its_name_it_is_asked_for_again_and_not_sent_again(watcher, room, still):
    first = watcher.get(reverse("still", args=[room.pk]))
    again = watcher.get(reverse("still", args=[room.pk]), HTTP_IF_NONE_MATCH=first["ETag"])

    assert first["Cache-Control"] == "private, no-cache"
    assert (again.status_code, again.content) == (304, b"")


def test_a_room_without_one_answers_that_there_is_none(watcher, room, hot):
    assert watcher.get(reverse("still", args=[room.pk])).status_code == 204


def test_a_page_asks_for_all_its_rooms_at_once(watcher, room, still):
    answer = watcher.get(reverse("stills"), {"rooms": f"{room.pk},{room.pk + 1},x"})

    digest, at, source, state = answer.json()[str(room.pk)].split(" ")
    assert (digest, source, state) == (still.digest, "hls", "fine")
    assert abs(int(at) - database_time.unix()) < 60
    assert len(answer.json()) == 1


@pytest.mark.parametrize("page", ["rooms", "wall", "room"])
def test_list_wall_and_room_show_it_in_place_of_the_cover(watcher, room, still, page):
    address = reverse(page, args=[room.pk] if page == "room" else [])
    html = watcher.get(address).content.decode()

    assert f'src="/rooms/{room.pk}/still?v={still.digest}"' in html
    assert f'data-still="{still.digest} ' in html


@pytest.mark.parametrize("page", ["rooms", "wall", "room"])
def test_without_one_the_cover_stays(watcher, room, hot, page):
    room.cover_url = "https://img.example/a.png?x=1&y=2"
    room.save()
    address = reverse(page, args=[room.pk] if page == "room" else [])
    html = watcher.get(address).content.decode()

    assert 'data-still=""' in html
    assert 'src="https://img.example/a.png?x=1&amp;y=2"' in html


def test_pages_ask_for_stills_only_where_some_are_taken(watcher, room, hot, settings):
    assert "data-stills=" not in watcher.get(reverse("wall")).content.decode()
    settings.STILL_URL = "https://live.example/{room_id}.jpg"
    assert 'data-stills="address"' in watcher.get(reverse("wall")).content.decode()


# --- From tiles -----------------------------------------------------------------------------------


def send(watcher, pk: int, data: bytes = JPEG):
    address = reverse("still-upload", args=[pk])
    return watcher.post(address, data, content_type="image/jpeg", HTTP_HX_REQUEST="true")


def test_a_tile_may_send_its_picture_where_that_is_set_up(watcher, room, hot, settings):
    assert send(watcher, room.pk).status_code == 404
    settings.PICTURE_SOURCE, settings.STILL_FROM_TILES = "trtc", True

    assert send(watcher, room.pk).status_code == 204
    assert send(watcher, room.pk, b"<html>").status_code == 422
    assert send(watcher, room.pk + 1).status_code == 404
    assert hot.get(f"lw:still-upload:{room.pk}") == JPEG
    html = watcher.get(reverse("wall")).content.decode()
    assert 'data-stills="tile" data-still-interval="15.0"' in html


def test_where_the_console_reads_pictures_itself_no_tile_sends_any(watcher, room, hot, settings):
    settings.PICTURE_SOURCE, settings.STILL_FROM_TILES = "hls", True
    settings.HLS_URL = "https://cdn.example/{room_id}.m3u8"

    assert send(watcher, room.pk).status_code == 404


def test_an_ended_room_takes_no_picture(watcher, room, hot, settings):
    settings.PICTURE_SOURCE, settings.STILL_FROM_TILES = "trtc", True
    room.ended_at = room.first_seen_at
    room.save()

    assert send(watcher, room.pk).status_code == 404
