"""The pictures: well-formed, small, the same for the same number, none like another."""

from xml.etree import ElementTree

import pytest

from simulator.media import covers
from simulator.world import names


def test_there_is_a_scene_for_every_theme():
    assert covers.SCENES.keys() == names.THEMES.keys()


@pytest.mark.parametrize("theme", covers.SCENES)
def test_covers_are_small_pictures_that_can_be_told_apart(theme):
    drawn = [covers.cover(theme, number) for number in range(60)]
    assert drawn == [covers.cover(theme, number) for number in range(60)]
    assert len(set(drawn)) == 60
    for svg in drawn:
        assert ElementTree.fromstring(svg).get("viewBox") == "0 0 320 180"
        assert len(svg) < 12_000
        assert "<script" not in svg and "href" not in svg


def test_faces_are_small_pictures():
    faces = {covers.avatar(number) for number in range(200)}
    assert len(faces) > 150
    assert all(ElementTree.fromstring(svg).get("viewBox") == "0 0 64 64" for svg in faces)


async def test_pictures_are_served_and_kept_by_the_browser(vendor):
    for url in (vendor.room.info["CoverURL"], vendor.world.people.avatar("viewer_1")):
        answer = await vendor.client.get(url.removeprefix("http://vendor"))
        assert answer.status == 200
        assert answer.content_type == "image/svg+xml"
        assert "max-age" in answer.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path", ["/covers/stage-x.svg", "/covers/<b>-1.svg", "/avatars/12345678901.svg"]
)
async def test_nothing_else_is_a_picture(vendor, path):
    assert (await vendor.client.get(path)).status == 404
