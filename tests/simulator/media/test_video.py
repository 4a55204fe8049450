"""The pictures of the demo platform: a live stream per room that any player can play, and its
troubles.
"""

import io
import itertools
import re

import av
import pytest

from simulator.media import video
from simulator.media.video import LISTED, SEGMENT, SEGMENTS


@pytest.fixture(scope="module")
def loop() -> video.Loop:
    return video.encode("room_0042", "Friday songs", 42, "fine")


def pictures(data: bytes) -> list:
    return list(av.open(io.BytesIO(data)).decode(video=0))


def test_a_fragment_can_be_played_by_itself_and_says_when_it_is(loop):
    times = []
    for number in range(2 * SEGMENTS):
        fragment = loop.fragments[number % SEGMENTS]
        frames = pictures(
            loop.init + video.stamped(fragment, number, number // SEGMENTS, loop.steps)
        )
        assert frames[0].key_frame
        times += [float(frame.pts * frame.time_base) for frame in frames]
    steps = [after - before for before, after in itertools.pairwise(times)]
    # A fifth of a second, but for the one before the sound begins.
    assert all(0.1 < step < 0.3 for step in steps), "also where the loop begins again"
    assert times[-1] == pytest.approx(2 * video.LOOP, abs=0.3)


def test_the_picture_moves_and_the_frozen_one_does_not(loop):
    moving = [bytes(frame.planes[0]) for frame in pictures(loop.init + loop.fragments[0])]
    still = video.encode("room_0042", "", 42, "frozen")
    frozen = [
        frame.to_rgb().planes[0] for frame in pictures(still.init + b"".join(still.fragments))
    ]
    first, last = bytes(frozen[0]), bytes(frozen[-1])
    assert len(set(moving)) > 10
    assert sum(abs(a - b) for a, b in zip(first, last, strict=True)) / len(first) < 2


def test_rooms_do_not_look_alike_and_a_black_one_is_black():
    one, other, dark = (
        pictures(made.init + made.fragments[0])[0].planes[1]
        for made in (
            video.encode("a", "", 1, "fine"),
            video.encode("b", "", 2, "fine"),
            video.encode("c", "", 1, "black"),
        )
    )
    assert bytes(one) != bytes(other)
    black = pictures((made := video.encode("c", "", 1, "black")).init + made.fragments[0])[0]
    assert max(bytes(black.planes[0])) < 24
    assert bytes(dark)


def test_fields_of_brightness_tell_rooms_apart():
    assert len({video.background(number) for number in range(50)}) == 50
    assert min(video.background(3)) >= 10
    assert len(video.background(3)) == video.WIDTH * video.TALL


def test_a_silent_room_makes_no_sound(loop):
    def loudest(made):
        frames = av.open(io.BytesIO(made.init + b"".join(made.fragments))).decode(audio=0)
        return max(max(memoryview(frame.planes[0]).cast("f")) for frame in frames)

    assert loudest(loop) > 0.05
    assert loudest(video.encode("x", "", 42, "silent")) < 0.001


@pytest.mark.parametrize("data", [b"\0\0\0\x04moof", b"\0\0\0\x01moofxxxx"])
def test_what_is_no_mp4_is_refused(data):
    with pytest.raises(ValueError, match="no MP4"):
        video.boxes(data + b"x" * 8)


async def test_a_playlist_leads_to_its_segments(vendor):
    room_id = vendor.room.room_id
    await vendor.client.post("/_simulator/picture", json={"room_id": room_id, "kind": "fine"})
    answer = await vendor.client.get(video.address(room_id))
    text = await answer.text()
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    names = re.findall(r"^\d+-fine\.m4s$", text, re.MULTILINE)
    assert len(names) == LISTED
    assert re.search(r"#EXT-X-MEDIA-SEQUENCE:(\d+)", text)[1] == names[0].split("-")[0]
    assert f"#EXTINF:{SEGMENT:.3f}," in text
    base = video.address(room_id).removesuffix("index.m3u8")
    whole = b""
    for name in (re.search(r'URI="(.+?)"', text)[1], names[-1]):
        part = await vendor.client.get(base + name)
        assert part.status == 200
        whole += await part.read()
    assert len(pictures(whole)) == video.SEGMENT_FRAMES


async def test_a_room_that_is_gone_or_was_never_there_has_no_picture(vendor):
    room_id = vendor.room.room_id
    await vendor.client.post("/_simulator/picture", json={"room_id": room_id, "kind": "gone"})
    for path in (
        video.address(room_id),
        video.address("none such"),
        "/live/x/3-fine.m4s",
        "/live/x/3-%2e%2e.m4s",
    ):
        assert (await vendor.client.get(path)).status == 404


async def test_only_kinds_that_exist_can_be_ordered(vendor):
    answer = await vendor.client.post("/_simulator/picture", json={"room_id": "x", "kind": "pink"})
    assert answer.status == 400


async def test_some_rooms_are_in_trouble_by_themselves_and_always_the_same(vendor):
    streams = vendor.simulator.streams
    kinds = {room.room_id: streams.kind_of(room.room_id) for room in vendor.world.rooms.values()}
    assert {"fine"} < set(kinds.values()) <= set(video.KINDS)
    assert kinds == {room_id: streams.kind_of(room_id) for room_id in kinds}
