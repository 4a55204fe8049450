"""Which settings can work, and which hosts may ever see a signature."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liveapi import LiveApiError
from liveapi.config import HOSTS, is_vendor_host
from tests.liveapi.asking import CONFIG, SECRET


@pytest.mark.parametrize("host", sorted(HOSTS))
def test_every_host_of_the_vendor_is_allowed(host):
    assert replace(CONFIG, host=host).base_url() == f"https://{host}"


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("", "https://console.tim.qq.com"),
        ("https://console.tim.qq.com/", "https://console.tim.qq.com"),
        ("Console.TIM.qq.com:443", "https://console.tim.qq.com"),
        ("new.im.qcloud.com", "https://new.im.qcloud.com"),
    ],
)
def test_a_host_may_be_written_in_several_ways(host, base):
    assert replace(CONFIG, host=host).base_url() == base


def test_the_region_is_guessed_from_the_application():
    assert replace(CONFIG, sdkappid=1399999999).base_url() == "https://adminapisgp.im.qcloud.com"


@pytest.mark.parametrize(
    "host",
    [
        "example.com",
        "im.qcloud.com",
        "tim.qq.com",
        "evilim.qcloud.com",
        "console.tim.qq.com.example.com",
        "console.tim.qq.com@example.com",
        "user:secret@console.tim.qq.com",
        "http://console.tim.qq.com",
        "ftp://console.tim.qq.com",
        "console.tim.qq.com:8443",
        "console.tim.qq.com/v4",
        "console.tim.qq.com?x=1",
        "console.tim.qq.com#x",
        "example.com\\.tim.qq.com",
        "a/b.tim.qq.com",
        "..tim.qq.com",
        "127.0.0.1:80",
        "localhost:8000",
        "[::1]:8000",
        "169.254.169.254",
        "[",
        "host:port",
        "ｃonsole.tim.qq.com",
    ],
)
def test_no_other_host_is_allowed(host):
    with pytest.raises(LiveApiError) as caught:
        replace(CONFIG, host=host).validate()
    assert caught.value.kind == "config"


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("127.0.0.1:8001", "http://127.0.0.1:8001"),
        ("http://localhost:8001", "http://localhost:8001"),
        ("https://127.0.0.1:8001", "https://127.0.0.1:8001"),
        ("[::1]:8001", "http://[::1]:8001"),
    ],
)
def test_this_machine_is_allowed_only_on_purpose(host, base):
    assert replace(CONFIG, host=host, allow_loopback=True).base_url() == base


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "10.0.0.1:80", "http://example.com:80", "0.0.0.0:80"]
)
def test_allowing_this_machine_allows_nothing_else(host):
    with pytest.raises(LiveApiError):
        replace(CONFIG, host=host, allow_loopback=True).validate()


@given(st.text())
def test_any_text_as_host_is_a_base_of_the_vendor_or_our_error(host):
    try:
        base = replace(CONFIG, host=host).base_url()
    except LiveApiError as error:
        assert error.kind == "config"
    else:
        assert is_vendor_host(base.removeprefix("https://"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"sdkappid": 0},
        {"sdkappid": "1400000000"},
        {"sdkappid": True},
        {"secret_key": ""},
        {"admin": ""},
        {"timeout": 3.0},
        {"timeout": 500},
        {"timeout": float("nan")},
        {"share": 0},
        {"share": 1.1},
        {"share": float("nan")},
        {"statistics_command": "destroy_room"},
        {"list_first_next": "1"},
    ],
)
def test_settings_that_cannot_work_are_refused_by_name(wrong):
    (name,) = wrong

    with pytest.raises(LiveApiError) as caught:
        replace(CONFIG, **wrong).validate()

    assert caught.value.kind == "config"
    assert name in caught.value.text


def test_the_key_is_not_in_the_repr():
    assert SECRET not in repr(CONFIG)
