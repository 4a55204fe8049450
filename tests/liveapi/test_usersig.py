"""The signature against the published algorithm, and when it is made anew."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi import LiveApiError
from liveapi.usersig import Signer, decode, sign
from tests.support.clocks import Clock

KEY = "example-secret-key-0123456789abcdef"


def test_it_signs_as_the_published_vector():
    usersig = sign("administrator", 1400000000, KEY, now=1700000000, expire=604800)

    assert decode(usersig) == {
        "TLS.ver": "2.0",
        "TLS.identifier": "administrator",
        "TLS.sdkappid": 1400000000,
        "TLS.time": 1700000000,
        "TLS.expire": 604800,
        "TLS.sig": "SSbA7BkInk+pRO+5scDUVVqeMxb+2nKyMWVJGwfvXNg=",
    }


@given(st.text(max_size=32), st.integers(1, 2**32), st.text(min_size=1, max_size=64))
def test_every_signature_is_safe_in_a_query_and_can_be_decoded(identifier, sdkappid, key):
    usersig = sign(identifier, sdkappid, key, now=1, expire=2)

    assert set(usersig) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789*-_")
    assert decode(usersig)["TLS.identifier"] == identifier


@given(st.text())
def test_decoding_anything_raises_only_our_error(text):
    try:
        assert isinstance(decode(text), dict)
    except LiveApiError as error:
        assert error.kind == "malformed"


def test_a_bomb_is_not_unpacked():
    import base64
    import zlib

    bomb = base64.b64encode(zlib.compress(b'{"a":"' + b"x" * 50_000_000 + b'"}')).decode()

    with pytest.raises(LiveApiError):
        decode(bomb.replace("+", "*").replace("/", "-").replace("=", "_"))


def test_a_signer_signs_anew_at_four_fifths_of_its_life():
    clock = Clock(1_700_000_000.0)
    signer = Signer("administrator", 1400000000, KEY, expire=1000, clock=clock)
    first = signer.usersig()

    clock.now += 799
    assert signer.usersig() == first
    clock.now += 1
    assert decode(signer.usersig())["TLS.time"] == 1_700_000_800


def test_a_signer_signs_anew_when_the_clock_was_set_back():
    clock = Clock(1_700_000_000.0)
    signer = Signer("administrator", 1400000000, KEY, clock=clock)
    signer.usersig()

    clock.now -= 86_400

    assert decode(signer.usersig())["TLS.time"] == int(clock.now)


def test_many_refusals_of_one_signature_sign_once():
    clock = Clock(1_700_000_000.0)
    signer = Signer("administrator", 1400000000, KEY, clock=clock)
    refused = signer.usersig()
    clock.now += 1
    renewed = []

    def renew():
        renewed.append(signer.renew(refused))
        clock.now += 1

    threads = [threading.Thread(target=renew) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(renewed)) == 1
    assert renewed[0] != refused


def test_a_signer_never_shows_its_key():
    signer = Signer("administrator", 1400000000, KEY)
    usersig = signer.usersig()

    assert KEY not in repr(signer)
    assert usersig not in repr(signer)
