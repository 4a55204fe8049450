"""The bytes of one still, from hosts that do as they like (rooms.pictures.fetching)."""

import pytest

from rooms.pictures.fetching import Fetcher, NoPicture
from tests.support.streams import Streams, loop

MOST = 60_000


async def fetched(kind: str, url: str, most: int = MOST, private: bool = True):
    fetcher = Fetcher(most=most, private=private)
    try:
        return await fetcher.picture(kind, url)
    finally:
        await fetcher.close()


async def refusal(kind: str, url: str, **options) -> str:
    with pytest.raises(NoPicture) as told:
        await fetched(kind, url, **options)
    return told.value.code


async def test_a_stream_gives_one_of_its_newest_segments_behind_what_comes_first(streams: Streams):
    found = await fetched("hls", streams.stream("room"))

    made = loop()
    assert found.data in {made.init + made.fragments[at % 4] for at in (7, 8)}
    assert found.newest == "8-fine.m4s@0"


async def test_of_a_large_segment_only_the_beginning_is_read(streams: Streams):
    url = streams.stream("room")

    found = await fetched("hls", url, most=8000)

    assert len(found.data) == 8000
    assert found.data.startswith(loop().init)


async def test_a_master_playlist_leads_to_a_variant(streams: Streams):
    streams.stream("low")
    text = "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n../low/index.m3u8\n"
    streams.answer("/a/master.m3u8", text)

    assert (await fetched("hls", f"{streams.base}/a/master.m3u8")).data


async def test_a_master_playlist_that_leads_to_itself_ends(streams: Streams):
    streams.answer("/m.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nm.m3u8\n")

    assert await refusal("hls", f"{streams.base}/m.m3u8") == "playlist"
    assert len(streams.asked) == 2


async def test_redirects_are_followed_a_few_times(streams: Streams):
    streams.answer("/3.jpg", b"\xff\xd8\xff")
    for hop in range(3):
        streams.answer(f"/{hop}.jpg", b"", 302, Location=f"/{hop + 1}.jpg")
    streams.answer("/round", b"", 302, Location="/round")

    assert (await fetched("address", f"{streams.base}/0.jpg")).data == b"\xff\xd8\xff"
    assert await refusal("address", f"{streams.base}/round") == "redirects"
    assert streams.asked.count("/round") == 4


async def test_a_private_address_is_not_asked_at_all(streams: Streams):
    url = streams.stream("room")

    assert await refusal("hls", url, private=False) == "refused"
    assert await refusal("hls", url.replace("127.0.0.1", "localhost"), private=False) == "refused"
    assert streams.asked == []


async def test_neither_a_redirect_nor_a_playlist_leads_to_another_kind_of_address(streams: Streams):
    streams.answer("/r", b"", 302, Location="file:///etc/passwd")
    streams.answer("/p.m3u8", "#EXTM3U\n#EXTINF:2,\nfile:///etc/passwd\n")

    assert await refusal("address", f"{streams.base}/r") == "refused"
    assert await refusal("hls", f"{streams.base}/p.m3u8") == "refused"


async def test_what_never_ends_costs_no_more_than_its_limit(streams: Streams):
    streams.endless("/x")
    streams.endless("/x.m3u8")
    streams.answer("/y.m3u8", "#EXTM3U\n#EXTINF:2,\nx\n")

    assert await refusal("address", f"{streams.base}/x") == "large"
    assert await refusal("hls", f"{streams.base}/x.m3u8") == "large"
    assert len((await fetched("hls", f"{streams.base}/y.m3u8")).data) == MOST


async def test_a_part_is_read_from_a_host_that_knows_no_ranges(streams: Streams):
    streams.answer("/p.m3u8", "#EXTM3U\n#EXTINF:2,\n#EXT-X-BYTERANGE:3@2\nall\n")
    streams.answer("/all", b"0123456789")

    assert (await fetched("hls", f"{streams.base}/p.m3u8")).data == b"234"


@pytest.mark.parametrize(
    ("path", "code"), [("/none", "http-404"), ("/html", "playlist"), ("/key", "encrypted")]
)
async def test_each_failure_has_its_code(streams: Streams, path, code):
    streams.answer("/html", "<html>")
    streams.answer("/key", "#EXTM3U\n#EXT-X-KEY:METHOD=AES-128\n#EXTINF:2,\n1.ts\n")

    assert await refusal("hls", streams.base + path) == code


async def test_a_host_that_is_not_there_is_unreachable():
    assert await refusal("hls", "http://127.0.0.1:9/x.m3u8") == "unreachable"
