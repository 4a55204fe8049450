"""The child that decodes, and what becomes of it (rooms.pictures.decoding, decoder)."""

import os
import signal

import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rooms.pictures import decoder, decoding, judgement
from rooms.pictures.decoding import Decoded, Decoder
from rooms.pictures.fetching import NoPicture
from tests.support.streams import image


@pytest.fixture
async def child():
    made = Decoder()
    yield made
    await made.close()


def parts(data: bytes) -> Decoded:
    body = decoder.decoded(data)
    head = decoder.LIGHTS + decoder.HASH
    hashed = int.from_bytes(body[decoder.LIGHTS : head], "big")
    return Decoded(body[head:], body[: decoder.LIGHTS], hashed)


def test_both_sides_know_the_same_sizes():
    assert (decoder.LIGHTS, decoder.HASH) == (decoding.LIGHTS, decoding.HASH)
    assert decoder.MAX_JPEG < decoding.MAX_ANSWER


async def test_a_picture_of_a_stream_is_a_small_jpeg(child: Decoder):
    found = await child.decode(image())

    assert found.jpeg.startswith(b"\xff\xd8\xff")
    assert 500 < len(found.jpeg) <= decoder.MAX_JPEG
    assert found == parts(image())
    assert not judgement.is_black(found.lights)


async def test_a_still_is_itself_a_picture(child: Decoder):
    """What a platform's snapshot address answers: the same picture has nearly the same hash."""
    first = await child.decode(image())
    again = await child.decode(first.jpeg)

    assert (first.hash ^ again.hash).bit_count() <= 12
    assert judgement.is_same(first.lights, again.lights)


async def test_a_segment_that_is_cut_off_still_shows_its_first_picture(child: Decoder):
    whole = image()

    assert (await child.decode(whole[: len(whole) - 6000])).jpeg


async def test_black_is_seen(child: Decoder):
    assert judgement.is_black((await child.decode(image("black"))).lights)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>",
        image()[:1000],
        b"\xff\xd8\xff" + b"\0" * 500,
        b"\x89PNG\r\n\x1a\n" + b"x" * 900,
        b"#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
    ],
)
async def test_what_is_no_picture_costs_one_picture_and_not_the_child(child: Decoder, data):
    await child.decode(image())
    pid = child.pid

    with pytest.raises(NoPicture, match="undecodable"):
        await child.decode(data)

    assert (await child.decode(image())).jpeg
    assert child.pid == pid


@settings(max_examples=60)
@given(st.one_of(st.binary(max_size=400), st.integers(0, 15_000)))
def test_damaged_pictures_are_answered(damage):
    data = bytearray(image())
    if isinstance(damage, int):
        data[damage % len(data)] ^= 0xFF
    else:
        data[1200 : 1200 + len(damage)] = damage
    assert decoder.answer(bytes(data))[0] in {0, 1}


async def test_a_child_that_crashed_is_replaced(child: Decoder):
    await child.decode(image())
    dead = child.pid
    os.kill(dead, signal.SIGKILL)
    psutil.wait_procs([psutil.Process(dead)] if psutil.pid_exists(dead) else [], timeout=5)

    try:
        found = await child.decode(image())
    except NoPicture:  # it was asked before its death was told
        found = await child.decode(image())

    assert found.jpeg
    assert child.pid != dead


async def test_a_child_that_hangs_is_killed_and_replaced(monkeypatch: pytest.MonkeyPatch):
    child = Decoder(seconds=0.3)
    try:
        await child.decode(image())
        hanging = psutil.Process(child.pid)
        os.kill(child.pid, signal.SIGSTOP)

        with pytest.raises(NoPicture, match="timeout"):
            await child.decode(image())

        assert not hanging.is_running()
        assert (await child.decode(image())).jpeg
    finally:
        await child.close()


async def test_the_child_is_given_no_secret(child: Decoder, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LIVE_SECRET_KEY", "a-secret")
    await child.decode(image())

    assert set(psutil.Process(child.pid).environ()) <= set(decoding.KEPT) | {"LC_CTYPE"}
