"""Whose address a log-in attempt counts against."""

from django.test import RequestFactory
from pytest_django import Settings

from config.addresses import of_client


def test_it_is_the_peer_and_not_what_the_client_claims(settings: Settings, rf: RequestFactory) -> None:
    settings.BEHIND_PROXY = False
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.2.3.4")

    assert of_client(request) == "10.0.0.9"


def test_behind_a_proxy_it_is_what_the_proxy_appended(settings: Settings, rf: RequestFactory) -> None:
    settings.BEHIND_PROXY = True
    request = rf.get("/", REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.0.2.7")

    assert of_client(request) == "192.0.2.7"
