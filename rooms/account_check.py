"""`check_account`: is everything right between this installation and the vendor, in plain words.

Asks a handful of reading commands, changes nothing, prints no secret. Asks in the lane of acts: a
collector that uses up the polls of the budget must not make a good account look bad.
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TypeVar

import redis as redis_library
from django.utils.translation import gettext as _

from liveapi import Answer, Call, LiveApiError, LiveClient, LiveConfig, LocalBudget, commands
from liveapi.budget.pacing import OVERALL, allowance
from liveapi.config import HOSTS, guess_host
from liveapi.messages import RoomPage
from rooms.infra import redis, vendor

T = TypeVar("T")
# Of no room: whoever answers 100004 has let us in and knows the command.
NOBODY = "livewarden-account-check-no-such-room"
_ANSWERED_FROM = 100_002
_NO_SUCH_ROOM = 100_004
_ANOTHER_REGION = {70016, 70020}
# Whoever refuses with these knows the application.
_KNOWS_THE_APPLICATION = {60010, 60020, 60021, 70403, 100007, 100013}

COMMANDS = (
    "get_room_list",
    "get_room_stats",
    "get_room_info",
    "get_member_list",
    "portrait_get",
    "destroy_room",
    "ban_member",
    "mute_member",
    "send_text_msg",
    OVERALL,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: ok True (right), False (wrong, `advice` says what to change), None (worth
    knowing).
    """

    ok: bool | None
    text: str
    advice: str = ""


def run() -> Iterator[Finding]:
    """The findings, one by one as they are made; ends early where nothing further can be asked."""
    try:
        config = vendor.config()
    except LiveApiError as error:
        yield Finding(
            False, error.text, _("Set LIVE_SDKAPPID, LIVE_SECRET_KEY, LIVE_ADMIN and LIVE_HOST.")
        )
        return
    yield from _who(config)
    if redis_answers():
        yield from _questions(vendor.sync_client(), config)
        return
    yield Finding(
        None,
        _(
            "Redis does not answer (it starts with ./run): these few calls are counted by "
            "themselves."
        ),
    )
    with closing(client_at(config)) as client:
        yield from _questions(client, config)


def _questions(client: LiveClient, config: LiveConfig) -> Iterator[Finding]:
    page: RoomPage | None = None
    try:
        page = ask(client, commands.get_room_list()).value
    except LiveApiError as error:
        yield Finding(
            False, _("get_room_list: %(error)s") % {"error": words(error)}, advice(error, config)
        )
        if error.code in _ANOTHER_REGION:
            yield from _elsewhere(config)
        if error.kind != "vendor" or (error.code or 0) < _ANSWERED_FROM:
            return
    else:
        yield Finding(True, _("Credentials, region, administrator and network are right."))
    rooms = page.rooms if page else ()
    yield Finding(
        None, _("The first page of the listing holds %(count)d rooms.") % {"count": len(rooms)}
    )
    room_id = rooms[0].room_id if rooms else NOBODY
    yield from _fields(client, config, page, room_id)
    yield from _statistics(client, config, room_id)
    for name, call in (
        ("get_member_list", commands.get_member_list(room_id)),
        ("get_banned_member_list", commands.get_banned_member_list(room_id)),
        ("get_muted_member_list", commands.get_muted_member_list(room_id)),
        ("portrait_get", commands.portrait_get([config.admin])),
    ):
        yield _works(client, config, name, call)
    yield from _budget(config)


def ask(client: LiveClient, call: Call[T]) -> Answer[T]:
    return client.call(call, lane="act")


def client_at(config: LiveConfig) -> LiveClient:
    """A client that shares no budget with anybody: for a few calls only."""
    return LiveClient(config, budget=LocalBudget(config.share))


def redis_answers() -> bool:
    try:
        return bool(redis.sync_client().ping())
    except (redis_library.RedisError, OSError):
        return False


def _elsewhere(config: LiveConfig) -> Iterator[Finding]:
    """Looks for the application at the vendor's other regions.

    Never asked of a host of one's own.
    """
    here = config.base_url().split("://")[1]
    if here not in HOSTS:
        return
    for host in HOSTS:
        if host != here and knows_the_application(replace(config, host=host)):
            yield Finding(
                None,
                _("The application answers at %(host)s (%(region)s): set LIVE_HOST=%(host)s.")
                % {"host": host, "region": HOSTS[host]},
            )
            return
    yield Finding(
        None, _("No other region knows it either: LIVE_SDKAPPID or LIVE_SECRET_KEY is wrong.")
    )


def knows_the_application(config: LiveConfig) -> bool:
    with closing(client_at(config)) as client:
        try:
            ask(client, commands.get_room_list())
        except LiveApiError as error:
            return error.code in _KNOWS_THE_APPLICATION
    return True


def _who(config: LiveConfig) -> Iterator[Finding]:
    host = config.base_url().split("://")[1]
    region = HOSTS.get(host) or (
        _("a simulator on this machine")
        if config.allow_loopback and ":" in host
        else _("a host of its own")
    )
    yield Finding(
        None,
        _("SDKAppID %(app)d as %(admin)s at %(host)s (%(region)s).")
        % {"app": config.sdkappid, "admin": config.admin, "host": host, "region": region},
    )
    if not config.host:
        yield Finding(
            None,
            _("LIVE_HOST is not set: %(host)s is a guess from the number of the application.")
            % {"host": guess_host(config.sdkappid)},
        )


def _fields(
    client: LiveClient, config: LiveConfig, page: RoomPage | None, room_id: str
) -> Iterator[Finding]:
    rooms = page.rooms if page else ()
    listed = sorted({room.online_field for room in rooms if room.online_field})
    reported = ""
    try:
        reported = ask(client, commands.get_room_info(room_id)).value.online_field
    except LiveApiError as error:
        yield _judged("get_room_info", error, config)
    else:
        yield Finding(True, _("get_room_info works."))
    if not rooms:
        yield Finding(
            None,
            _(
                "Nobody is live: whether the account tells people online will be seen with the "
                "first room."
            ),
        )
        return
    for where, names in (
        ("get_room_list", listed),
        ("get_room_info", [reported] if reported else []),
    ):
        yield Finding(
            None,
            _("%(command)s tells people online as %(fields)s.")
            % {"command": where, "fields": ", ".join(names)}
            if names
            else _("%(command)s does not tell people online.") % {"command": where},
        )
    if not listed and not reported:
        yield Finding(
            None,
            _(
                "People online come from get_member_list instead: one call a room, fresh every 40 "
                "seconds."
            ),
        )
    if any(room.owner_name for room in rooms):
        yield Finding(
            None, _("The listing tells the names of hosts: they need no calls of their own.")
        )


def _statistics(client: LiveClient, config: LiveConfig, room_id: str) -> Iterator[Finding]:
    try:
        ask(client, commands.get_room_statistics(room_id))
    except LiveApiError as error:
        yield _judged(client.statistics_command, error, config)
        if error.code != _NO_SUCH_ROOM:
            return
    name = client.statistics_command
    yield Finding(True, _("Reward totals come from %(command)s.") % {"command": name})
    if name != config.statistics_command:
        yield Finding(
            None,
            _("Set LIVE_STATISTICS_COMMAND=%(command)s to save a call at every start.")
            % {"command": name},
        )


def _works(client: LiveClient, config: LiveConfig, name: str, call: Call[object]) -> Finding:
    try:
        ask(client, call)
    except LiveApiError as error:
        return _judged(name, error, config)
    return Finding(True, _("%(command)s works.") % {"command": name})


def _judged(name: str, error: LiveApiError, config: LiveConfig) -> Finding:
    if error.code == _NO_SUCH_ROOM:
        return Finding(
            True, _("%(command)s works (asked for a room that does not exist).") % {"command": name}
        )
    return Finding(
        False,
        _("%(command)s: %(error)s") % {"command": name, "error": words(error)},
        advice(error, config),
    )


def _budget(config: LiveConfig) -> Iterator[Finding]:
    yield Finding(
        None,
        _("Calls a second at a share of %(share).0f %% (LIVE_SHARE), shared by all processes:")
        % {"share": config.share * 100},
    )
    for name in COMMANDS:
        allowed = allowance(name, config.share)
        label = _("all commands together") if name == OVERALL else name
        yield Finding(
            None,
            _("    %(command)s: %(acts)d, of which watching may use %(polls)d")
            % {"command": label, "acts": allowed.acts, "polls": allowed.polls},
        )


def words(error: LiveApiError) -> str:
    """A failure as a person reads it: the vendor's code, words, and RequestId for its support."""
    code = _("code %(code)d, ") % {"code": error.code} if error.code is not None else ""
    request = f" (RequestId {error.request_id})" if error.request_id else ""
    return f"{code}{error.text}{request}"


def advice(error: LiveApiError, config: LiveConfig) -> str:
    """What to change, for each failure that setting up an account is known for."""
    if error.code is not None and error.code in _ADVICE:
        return str(_ADVICE[error.code](config))
    if error.kind in {"transport", "timeout"}:
        return _(
            "Check LIVE_HOST, name resolution, and that this machine may connect to it on port 443."
        )
    if error.kind == "malformed":
        return _(
            "Something other than the vendor answers there: check LIVE_HOST and proxies on the way."
        )
    if error.retryable:
        return _("This is temporary: try again in a minute.")
    return _("Keep the RequestId and ask the vendor's support.")


def _key(config: LiveConfig) -> str:
    return _("Copy LIVE_SECRET_KEY again from the vendor's console, for this SDKAppID.")


def _region(config: LiveConfig) -> str:
    regions = ", ".join(f"{host} ({region})" for host, region in HOSTS.items())
    return _("Usually the host of another region. LIVE_HOST may be: %(regions)s.") % {
        "regions": regions
    }


def _administrator(config: LiveConfig) -> str:
    return _(
        "LIVE_ADMIN must be an App administrator: add %(admin)s in the vendor's console (Chat, "
        "account "
        "administrators), or set LIVE_ADMIN to one that is there."
    ) % {"admin": config.admin}


def _application(config: LiveConfig) -> str:
    return _("Check LIVE_SDKAPPID, and in the vendor's console that the application is enabled.")


def _package(config: LiveConfig) -> str:
    return _(
        "The application's package does not include Live or has expired: renew it in the vendor's "
        "console."
    )


def _address(config: LiveConfig) -> str:
    return _("The vendor's console restricts the addresses that may call: add this machine's.")


def _clock(config: LiveConfig) -> str:
    return _(
        "The clock of this machine is wrong by minutes or more: set it (NTP). Signatures carry its "
        "time."
    )


def _command(config: LiveConfig) -> str:
    return _(
        "The service has no such command for this application: ask the vendor to enable Live for "
        "it."
    )


def _often(config: LiveConfig) -> str:
    return _("Somebody else uses this application's limits: lower LIVE_SHARE, then wait a minute.")


_ADVICE: dict[int, Callable[[LiveConfig], str]] = {
    **dict.fromkeys((60004, 60005, 70003, 70009), _key),
    **dict.fromkeys((70013, 70014, 60006, 60012, 60016), _application),
    **dict.fromkeys((70016, 70020), _region),
    **dict.fromkeys((60010, 70403, 70107), _administrator),
    **dict.fromkeys((60020, 100007, 100013), _package),
    60009: _command,
    60021: _address,
    70001: _clock,
    **dict.fromkeys((60007, 60011, 60018, 60019, 70050), _often),
}
