"""The address that OBS streams to: a signature of one account, for one room, that nothing
prints.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi import LiveApiError, LiveConfig, streaming, usersig

CHINESE = LiveConfig(sdkappid=1400000000, secret_key="a-secret")
ABROAD = LiveConfig(sdkappid=20000001, secret_key="a-secret")
ROOM_IDS = st.from_regex(streaming.ROOM_ID, fullmatch=True)
ACCOUNTS = st.from_regex(streaming.ACCOUNT, fullmatch=True)


@given(room_id=ROOM_IDS, account=ACCOUNTS, now=st.integers(0, 2**32), seconds=st.integers(1, 10**7))
def test_the_key_names_the_room_and_holds_a_signature_of_that_account_alone(
    room_id, account, now, seconds
):
    address = streaming.push_address(CHINESE, room_id, account, now=now, seconds=seconds)
    room, _, query = address.key.partition("?")
    fields = dict(part.split("=", 1) for part in query.split("&"))
    signed = usersig.decode(fields["usersig"])
    assert (room, fields["sdkappid"], fields["userid"]) == (room_id, "1400000000", account)
    assert (signed["TLS.identifier"], signed["TLS.time"], signed["TLS.expire"]) == (
        account,
        now,
        seconds,
    )
    assert address.key not in repr(address)
    assert fields["usersig"] not in repr(address)


def test_the_server_follows_the_region_unless_one_is_named():
    def server(config, **more):
        return streaming.push_address(config, "room", "robot", now=0, seconds=1, **more).server

    assert server(CHINESE) == "rtmp://rtmp.rtc.qq.com/push"
    assert server(ABROAD) == "rtmp://intl-rtmp.rtc.qq.com/push"
    assert server(ABROAD, server="rtmps://stream.example/push") == "rtmps://stream.example/push"


@pytest.mark.parametrize(
    ("room_id", "account"),
    [
        ("a room", "robot"),
        ("room-1", "robot"),
        ("", "robot"),
        ("r" * 65, "robot"),
        ("room", "a robot"),
        ("room", ""),
        ("room", "r" * 33),
        ("room\n", "robot"),
        ("room", "robot\n"),
        ("room", "robot&userid=other"),
        ("räum", "robot"),
    ],
)
def test_what_cannot_stand_in_a_key_is_refused(room_id, account):
    with pytest.raises(LiveApiError) as error:
        streaming.push_address(CHINESE, room_id, account, now=0, seconds=1)
    assert error.value.kind == "invalid"
