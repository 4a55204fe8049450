"""A host of HLS streams for `benchmarks.snapshots`: any room's, from a few that are encoded once.

`python -m benchmarks.stream_host PORT`. The streams are the demo platform's (`simulator.media`):
what they cost to encode is nobody's but the demo's.
"""

import sys
import time
from zlib import crc32

from aiohttp import web

from simulator.media import video

LOOPS = 6


class Host:
    """The streams, and how many bytes of them were sent."""

    def __init__(self) -> None:
        self.loops = [video.encode(f"room {n}", "", n, "fine") for n in range(LOOPS)]
        self.began = time.monotonic()
        self.sent = 0

    def of(self, request: web.Request) -> video.Loop:
        return self.loops[crc32(request.match_info["room"].encode()) % LOOPS]

    def body(self, data: bytes) -> web.Response:
        self.sent += len(data)
        return web.Response(body=data)

    async def playlist(self, _request: web.Request) -> web.Response:
        newest = video.LISTED + int((time.monotonic() - self.began) / video.SEGMENT)
        return self.body(video.playlist(newest, "fine").encode())

    async def init(self, request: web.Request) -> web.Response:
        return self.body(self.of(request).init)

    async def segment(self, request: web.Request) -> web.Response:
        number, loop = int(request.match_info["number"]), self.of(request)
        fragment = loop.fragments[number % video.SEGMENTS]
        return self.body(video.stamped(fragment, number, number // video.SEGMENTS, loop.steps))

    async def figures(self, _request: web.Request) -> web.Response:
        return web.json_response({"sent": self.sent})


def main() -> None:
    host, app = Host(), web.Application()
    app.router.add_get("/sent", host.figures)
    app.router.add_get("/{room}/index.m3u8", host.playlist)
    app.router.add_get("/{room}/init-fine.mp4", host.init)
    app.router.add_get("/{room}/{number:\\d{1,9}}-fine.m4s", host.segment)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)


if __name__ == "__main__":
    main()
