"""Who sends a webhook, and whether it is somebody who may: by the peer, or behind our proxy by what
it says.
"""

from ipaddress import ip_network

import pytest

from rooms.infra.client_address import caller, is_among, parsed
from rooms.webhooks import receiver
from tests.rooms.test_webhooks import ask, counts, endpoint, settled, signed, stored, token

__all__ = ["endpoint", "token"]  # fixtures
VENDOR = [ip_network("203.0.113.0/24"), ip_network("2001:db8::/32")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        (" 203.0.113.7 ", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ('"[2001:db8::1]"', "2001:db8::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", "None"),
        ("", "None"),
        ("203.0.113.7, x", "None"),
        ("203.0.113.07", "None"),
        ("0xcb.0.113.7", "None"),
    ],
)
def test_an_address_is_read_as_proxies_write_it(text, address):
    assert str(parsed(text)) == address


def scope(peer, *forwarded):
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"client": (peer, 4711) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("behind", "asked", "who"),
    [
        (False, scope("192.0.2.1"), "192.0.2.1"),
        (False, scope("192.0.2.1", "203.0.113.7"), "192.0.2.1"),  # the client's own word
        (False, scope(None), "None"),
        (True, scope("10.0.0.1", "203.0.113.7"), "203.0.113.7"),
        (
            True,
            scope("10.0.0.1", "203.0.113.7, 192.0.2.1"),
            "192.0.2.1",
        ),  # appended to a client's word
        (True, scope("10.0.0.1", "203.0.113.7", "192.0.2.1"), "192.0.2.1"),  # as a line of its own
        (True, scope("10.0.0.1", "203.0.113.7,"), "None"),
        (True, scope("10.0.0.1", "unknown"), "None"),
        (True, scope("203.0.113.7"), "None"),  # past the proxy, or a proxy that does not say
    ],
)
def test_the_caller_is_whom_our_own_proxy_has_seen(behind, asked, who, settings):
    settings.BEHIND_PROXY = behind
    assert str(caller(asked)) == who


def test_nobody_is_among_nobody():
    assert not is_among(None, VENDOR)
    assert is_among(parsed("203.0.113.9"), VENDOR)
    assert is_among(parsed("2001:db8:1::9"), VENDOR)
    assert not is_among(parsed("203.0.114.9"), VENDOR)


@pytest.mark.parametrize(
    ("sources", "peer", "status"),
    [
        ([], "192.0.2.1", 200),
        (VENDOR, "203.0.113.7", 200),
        (VENDOR, "192.0.2.1", 403),
        (VENDOR, None, 403),
    ],
)
async def test_only_the_vendors_addresses_are_let_in_where_they_are_named(
    sources, peer, status, endpoint, hot, settings
):
    settings.LIVE_WEBHOOK_SOURCES = sources

    answer = await ask(endpoint, signed(), b'{"RoomId":"a"}', client=(peer, 1) if peer else None)
    await settled(endpoint)

    assert answer[0] == status
    assert len(stored(hot)) == (status == 200)
    assert counts(hot).get("refused source", 0) == (status == 403)


async def test_a_request_sent_again_word_for_word_is_taken_once(endpoint, hot):
    query, body = signed(), b'{"RoomId":"a","MsgId":"1"}'

    for sent in (query, query, {**query, "x": "1"}, {**query, "Sign": query["Sign"].upper()}):
        assert (await ask(endpoint, sent, body))[0] in {200, 403}
    await ask(
        endpoint, query, b'{"RoomId":"a","MsgId":"2"}'
    )  # one second's signature is that of all its requests
    await settled(endpoint)

    assert [record.body for record in stored(hot)] == [body, b'{"RoomId":"a","MsgId":"2"}']
    assert counts(hot)["repeated"] >= 2


async def test_what_is_remembered_is_bounded_and_forgotten(monkeypatch):
    monkeypatch.setattr(receiver, "MAX_SEEN", 3)
    seen, told = receiver.Seen(), receiver.ReceivedWebhook("x", "sign")
    answers = [seen.again(told, body, 0.0) for body in (b"1", b"2", b"3", b"1", b"4", b"2", b"1")]
    assert answers == [False, False, False, True, False, True, False]  # 4 pushed 1 out
    assert len(seen._until) == 3
    assert not seen.again(told, b"4", receiver.SEEN_SECONDS)
    assert len(seen._until) == 1
