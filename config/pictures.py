"""What the pages' security policy must allow so that pictures play: nothing more than the source
that is set up.
"""

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

# The hosts that the vendor's web SDK talks to, as its page on firewalls names them. PICTURE_ORIGINS
# adds others.
TRTC = (
    "https://*.rtc.qq.com",
    "wss://*.rtc.qq.com",
    "https://*.rtc.tencentcloud.com",
    "wss://*.rtc.tencentcloud.com",
    "https://*.rtc.tencent-cloud.com",
    "wss://*.rtc.tencent-cloud.com",
)


class Origins(NamedTuple):
    """Sources for connect-src, media-src and worker-src; an empty list: none."""

    connect: list[str]
    media: list[str]
    worker: list[str]


def origins(source: str, hls_url: str, more: Sequence[str]) -> Origins:
    """source: cover, hls or trtc. hls_url: the template of a playlist's address."""
    if source == "hls":
        address = urlsplit(hls_url)
        # A host with {room_id} in it cannot be named: PICTURE_ORIGINS has to.
        own = (
            [f"{address.scheme}://{address.netloc}"]
            if address.netloc and "{" not in address.netloc
            else []
        )
        return Origins([*own, *more], ["blob:", *own, *more], [])
    if source == "trtc":
        return Origins([*TRTC, *more], ["blob:"], ["blob:"])
    return Origins([], [], [])
