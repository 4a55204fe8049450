"""Which application of the vendor we are, where it is asked, and which hosts may be asked at
all.
"""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from liveapi.errors import LiveApiError

# https://trtc.io/document/63398 and https://www.tencentcloud.com/document/product/647/63401
CHINA = "console.tim.qq.com"
SINGAPORE = "adminapisgp.im.qcloud.com"
HOSTS = {
    CHINA: "China",
    SINGAPORE: "Singapore",
    "adminapiusa.im.qcloud.com": "Silicon Valley",
    "adminapiidn.im.qcloud.com": "Jakarta",
    "adminapikr.im.qcloud.com": "Seoul",
    "adminapijpn.im.qcloud.com": "Tokyo",
    "adminapiger.im.qcloud.com": "Frankfurt",
}
VENDOR_DOMAINS = (".im.qcloud.com", ".tim.qq.com")
# The vendor gives up after 3 seconds; waiting less would lose its answers.
VENDOR_TIMEOUT = 3.0
STATISTICS_CHOICES = ("get_room_stats", "get_room_statistic")


@dataclass(frozen=True, slots=True)
class LiveConfig:
    """What a client must know.

    host: a host of the vendor ("" guesses the region from the SDKAppID); with allow_loopback also
    "127.0.0.1:8001" or "http://127.0.0.1:8001". timeout: seconds for one whole call. share: of the
    published limits. list_first_next: the cursor of the first page ("" by the page, "0" by the
    vendor's back office).
    """

    sdkappid: int
    secret_key: str = field(repr=False)
    admin: str = "administrator"
    host: str = ""
    allow_loopback: bool = False
    timeout: float = 5.0
    share: float = 0.5
    list_first_next: str = ""
    statistics_command: str = STATISTICS_CHOICES[0]

    def validate(self) -> None:
        """Raises LiveApiError(kind="config") that names the field that cannot work."""
        if (
            isinstance(self.sdkappid, bool)
            or not isinstance(self.sdkappid, int)
            or self.sdkappid <= 0
        ):
            raise _wrong("sdkappid must be the number of the application")
        if not self.secret_key:
            raise _wrong("secret_key is missing")
        if not self.admin:
            raise _wrong("admin, the name of the App administrator, is missing")
        if not VENDOR_TIMEOUT < self.timeout <= 120:
            raise _wrong(
                "timeout must be above 3 seconds, when the vendor itself gives up, and at most 120"
            )
        if not 0 < self.share <= 1:
            raise _wrong("share must be above 0 and at most 1")
        if self.statistics_command not in STATISTICS_CHOICES:
            raise _wrong(f"statistics_command must be one of {', '.join(STATISTICS_CHOICES)}")
        if self.list_first_next not in {"", "0"}:
            raise _wrong('list_first_next must be "" or "0"')
        self.base_url()

    def base_url(self) -> str:
        """scheme://host[:port] of the service; raises LiveApiError(kind="config") when it is not
        allowed.
        """
        host = self.host.strip() or guess_host(self.sdkappid)
        if "://" not in host:
            host = f"{'http' if self.allow_loopback and _is_loopback(host) else 'https'}://{host}"
        try:
            parts = urlsplit(host)
            name, port = (parts.hostname or "").lower(), parts.port
        except ValueError:
            raise _wrong("host is not the name of a host") from None
        if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
            raise _wrong("host must be a name and perhaps a port, nothing else")
        if _is_loopback(parts.netloc):
            if not self.allow_loopback:
                raise _wrong("host is this machine, and allow_loopback is off")
            if port is None or parts.scheme not in {"http", "https"}:
                raise _wrong("a host on this machine needs its port")
            return f"{parts.scheme}://{f'[{name}]' if ':' in name else name}:{port}"
        if parts.scheme != "https" or port not in {None, 443}:
            raise _wrong("the vendor is asked by https on its ordinary port only")
        if not is_vendor_host(name):
            raise _wrong(
                f"{name[:100]} is not a host of the vendor (a name under im.qcloud.com or "
                "tim.qq.com)"
            )
        return f"https://{name}"


def _wrong(text: str) -> LiveApiError:
    return LiveApiError(text, kind="config", sent=False)


def guess_host(sdkappid: int) -> str:
    """The vendor's own back office guesses so; the region of an application is fixed when it is
    made.
    """
    return SINGAPORE if sdkappid < 1_400_000_000 else CHINA


def is_vendor_host(name: str) -> bool:
    """Whether we may send a signature to this host."""
    labels = name.split(".")
    well_formed = all(
        label and len(label) <= 63 and label.isascii() and label.replace("-", "").isalnum()
        for label in labels
    )
    return well_formed and (name in HOSTS or name.endswith(VENDOR_DOMAINS))


def _is_loopback(netloc: str) -> bool:
    try:
        name = urlsplit(f"//{netloc}").hostname or ""
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
