"""Which addresses a still may come from (rooms.pictures.addresses)."""

import contextlib
from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.pictures.addresses import RefusedAddress, Resolver, check, is_public

PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
]


@pytest.mark.parametrize("ip", PRIVATE)
def test_addresses_of_ones_own_networks_are_not_public(ip):
    assert not is_public(ip_address(ip))


@pytest.mark.parametrize("ip", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_others_are(ip):
    assert is_public(ip_address(ip))


@pytest.mark.parametrize("ip", PRIVATE)
def test_a_private_address_in_an_url_is_refused_unless_it_is_allowed(ip):
    url = f"http://[{ip}]:8000/x" if ":" in ip else f"http://{ip}:8000/x"
    with pytest.raises(RefusedAddress):
        check(url, private=False)
    assert check(url, private=True) == url


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://cdn.example/x",
        "http://",
        "//cdn.example/x",
        "http://user:word@cdn.example/x",
        "http://cdn.example:99999/x",
        "http://cdn.example/a b",
        "http://[::1",
        "http://cdn.example/" + "x" * 5000,
        "data:image/png;base64,",
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused_whatever_is_allowed(url):
    with pytest.raises(RefusedAddress):
        check(url, private=True)


@given(st.text())
def test_any_text_is_an_address_or_refused(text):
    with contextlib.suppress(RefusedAddress):
        assert check(text, private=False) == text


# Each is another way to write 127.0.0.1 that only the resolver undoes.
@pytest.mark.parametrize("name", ["localhost", "127.1", "2130706433", "0x7f000001"])
async def test_a_name_that_stands_for_a_private_address_is_refused_when_it_is_resolved(name):
    assert check(f"http://{name}/", private=False)
    with pytest.raises(RefusedAddress):
        await Resolver(private=False).resolve(name, 80)
    assert await Resolver(private=True).resolve(name, 80)
