"""HLS playlists, well and ill written (rooms.pictures.playlists)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.pictures.playlists import Bytes, Segments, Unreadable, Variants, parse

LIVE = """#EXTM3U
#EXT-X-MAP:URI="init.mp4"
#EXTINF:3.2,
1.m4s
#EXTINF:3.2,
2.m4s
"""
LINES = st.sampled_from(
    [
        "#EXTM3U",
        "#EXTINF:3.2,",
        "1.ts",
        '#EXT-X-MAP:URI="init.mp4",BYTERANGE="3@1"',
        "#EXT-X-MAP:",
        "#EXT-X-STREAM-INF:BANDWIDTH=1",
        "#EXT-X-STREAM-INF:BANDWIDTH=x",
        "#EXT-X-BYTERANGE:10@5",
        "#EXT-X-BYTERANGE:10",
        "#EXT-X-KEY:METHOD=AES-128",
        "#EXT-X-KEY:METHOD=NONE",
        "",
    ]
)


def test_a_live_playlist_names_its_segments_newest_last():
    assert parse(LIVE) == Segments(Bytes("init.mp4"), (Bytes("1.m4s"), Bytes("2.m4s")))


def test_of_variants_the_one_of_the_lowest_bandwidth_is_taken():
    text = (
        '#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=3000000,CODECS="avc1,mp4a"\nhigh.m3u8\n'
        "#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=300000\nlow.m3u8\n"
    )
    assert parse(text) == Variants("low.m3u8")


def test_parts_of_one_file_follow_each_other():
    text = (
        "#EXTM3U\n#EXTINF:2,\n#EXT-X-BYTERANGE:100@50\nall.ts\n"
        "#EXTINF:2,\n#EXT-X-BYTERANGE:70\nall.ts\n"
    )
    found = parse(text)
    assert isinstance(found, Segments)
    assert found.segments == (Bytes("all.ts", 50, 100), Bytes("all.ts", 150, 70))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no playlist"),
        ("<html>", "no playlist"),
        ("#EXTM3U\n", "no segment"),
        ('#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="k"\n#EXTINF:2,\n1.ts\n', "encrypted"),
    ],
)
def test_what_gives_no_picture_says_why(text, why):
    with pytest.raises(Unreadable, match=why):
        parse(text)


@given(st.one_of(st.text(), st.lists(LINES).map("\n".join)))
def test_whatever_comes_is_a_playlist_or_unreadable(text):
    try:
        found = parse(text)
    except Unreadable:
        return
    assert isinstance(found, Variants) or found.segments
    if isinstance(found, Segments):
        assert all(part.start >= 0 and part.uri for part in found.segments)
