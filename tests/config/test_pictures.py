"""What the security policy allows for pictures: nothing by default, and no more than the source
needs.
"""

import pytest

from config import pictures


def test_covers_need_nothing():
    assert pictures.origins(
        "cover", "https://cdn.example/{room_id}.m3u8", ["https://x.example"]
    ) == (
        [],
        [],
        [],
    )


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("https://cdn.example:8443/live/{room_id}/a.m3u8", ["https://cdn.example:8443"]),
        ("https://{room_id}.example/a.m3u8", []),
        ("", []),
    ],
)
def test_playlists_come_from_their_own_host_and_those_named(address, own):
    allowed = pictures.origins("hls", address, ["https://more.example"])
    assert allowed.connect == [*own, "https://more.example"]
    assert allowed.media == ["blob:", *own, "https://more.example"]
    assert allowed.worker == []


def test_the_vendors_sdk_talks_to_its_own_hosts_alone():
    allowed = pictures.origins("trtc", "", [])
    assert all(host.startswith(("https://*.rtc.", "wss://*.rtc.")) for host in allowed.connect)
    assert allowed.media == ["blob:"]
