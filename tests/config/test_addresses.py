"""Whose address a log-in attempt counts against."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from config.serving.addresses import network_of, of_client


def test_it_is_the_peer_and_not_what_the_client_claims(
    settings: Settings, rf: RequestFactory
) -> None:
    settings.BEHIND_PROXY = False
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.2.3.4")

    assert of_client(request) == "10.0.0.9"


def test_behind_a_proxy_it_is_what_the_proxy_appended(
    settings: Settings, rf: RequestFactory
) -> None:
    settings.BEHIND_PROXY = True
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.7")

    assert of_client(request) == "192.0.2.7"


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("192.0.2.7:4711", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        ("[2001:db8:1:2::9]:4711", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("unknown", ""),
        ("", ""),
    ],
)
def test_an_address_is_counted_without_its_port_and_as_its_household(
    text: str, counted: str
) -> None:
    assert network_of(text) == counted


def test_nonsense_from_the_proxy_counts_against_the_peer(
    settings: Settings, rf: RequestFactory
) -> None:
    settings.BEHIND_PROXY = True
    assert (
        of_client(rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="unknown")) == "10.0.0.9"
    )
