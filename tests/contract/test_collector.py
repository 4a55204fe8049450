"""The collector against the simulator, over real sockets, with a real database and a real
Valkey.
"""

import time

from liveapi import LiveClient, LiveConfig, LocalBudget, commands
from tests.contract.collected import all_collected, live, pk_of
from tests.contract.running import SECRET, simulator
from tests.support.waiting import eventually

DOCUMENTED = ("--rooms", "20", "--viewers", "500", "--churn", "0", "--fields", "documented")

SOURCES = (
    "SELECT online_source, min(online), count(*), count(reward), count(NULLIF(owner_name, '')), "
    "min(views)"
    " FROM rooms_room GROUP BY 1"
)


def all_read(rows):
    """The statistics of every room are stored: no call for one is under way any more."""
    unread = "SELECT count(*) FROM rooms_room WHERE ended_at IS NULL AND reward IS NULL"
    eventually("every room has its statistics", lambda: rows(unread), 20, equals=[(0,)])


def test_rooms_appear_with_figures_that_move(simulated, collectors, rows, hot):
    collectors()

    all_collected(simulated, rows)
    complete = eventually(
        "every room has its figures",
        lambda: rows(
            "SELECT count(*) FROM rooms_room WHERE ended_at IS NULL AND (online IS NULL OR "
            "reward IS NULL)"
        ),
        20,
        equals=[(0,)],
    )
    assert complete
    before = hot.states()
    assert set(before) == {pk for (pk,) in rows("SELECT id FROM rooms_room WHERE ended_at IS NULL")}
    eventually(
        "the views of more than five rooms move",
        lambda: sum(hot.states()[pk]["v"] != state["v"] for pk, state in before.items()) > 5,
    )
    assert {state["os"] for state in before.values()} == {"OnlineCount"}


def test_a_destroyed_room_ends_by_the_vendors_word(simulated, collectors, rows, hot):
    collectors()
    room_id = sorted(all_collected(simulated, rows))[0]
    pk = pk_of(rows, room_id)

    simulated.order("destroy", room_id=room_id)

    eventually(
        "the room has ended because it is gone",
        lambda: rows("SELECT end_cause FROM rooms_room WHERE id = ?", pk),
        equals=[("gone",)],
    )
    eventually("the hot state says that the room has ended", lambda: hot.states()[pk]["e"] > 0)


def test_a_room_that_the_listing_does_not_show_goes_on(simulated, collectors, rows):
    collectors()
    known = all_collected(simulated, rows)

    simulated.order("fault", command="get_room_list", kind="malformed")
    asked = simulated.get("counts")["commands"]["get_room_list"]
    eventually(
        "the listing is asked for four more times",
        lambda: simulated.get("counts")["commands"]["get_room_list"] > asked + 4,
        20,
    )
    simulated.clear_faults()

    assert live(rows) == known


def test_a_room_opened_again_is_another_broadcast(simulated, collectors, rows):
    collectors()
    room_id = sorted(all_collected(simulated, rows))[0]
    [(owner,)] = rows("SELECT owner_account FROM rooms_room WHERE room_id = ?", room_id)
    simulated.order("step", seconds=5)  # CreateTime is in seconds

    simulated.order("destroy", room_id=room_id)
    simulated.order("rooms", RoomId=room_id, Owner_Account=owner, IsPublicVisible=True)

    eventually(
        "the first broadcast has ended and the second goes on",
        lambda: rows(
            "SELECT count(*), count(ended_at), count(DISTINCT create_time) FROM rooms_room "
            "WHERE room_id = ?",
            room_id,
        ),
        equals=[(2, 1, 2)],
    )


def test_it_never_calls_more_often_than_allowed(simulated, collectors, rows):
    collectors(LIVEWARDEN_REST_INTERVAL="0", LIVE_SHARE="0.5")
    all_collected(simulated, rows)
    simulated.order("reset_counts")
    eventually(
        "the statistics are asked for 150 times",
        lambda: simulated.get("counts")["commands"].get("get_room_stats", 0) >= 150,
        20,
    )

    counts = simulated.get("counts")
    arrivals = [
        call["at"] for call in simulated.get("calls") if call["command"] == "get_room_stats"
    ]
    # Turns are given by one clock (tests/liveapi counts those exactly); on the way two calls may
    # bunch up. So at the vendor's door the sum is bounded by the allowance, and no second comes
    # near the published limit.
    assert len(arrivals) <= 50 * (max(arrivals) - min(arrivals) + 1)
    assert counts["most_in_a_second"]["get_room_stats"] < 100
    assert set(counts["codes"]) == {"0"}


def test_a_room_on_a_screen_is_read_more_often(simulated, collectors, rows, hot):
    collectors(LIVEWARDEN_REST_INTERVAL="3600")
    room_id = sorted(all_collected(simulated, rows))[0]
    pk = pk_of(rows, room_id)
    all_read(rows)
    simulated.order("reset_counts")

    hot.client.zadd(hot("watched"), {str(pk): time.time() + 60})

    eventually(
        "the statistics of the room are asked for three times",
        lambda: simulated.get("counts")["commands"].get("get_room_stats", 0) >= 3,
    )
    asked = {
        call["room_id"] for call in simulated.get("calls") if call["command"] == "get_room_stats"
    }
    assert asked == {room_id}


def test_it_counts_members_where_nothing_else_tells(collectors, rows):
    with simulator(*DOCUMENTED, "--statistics-command", "get_room_statistic") as documented:
        collectors(LIVE_HOST=documented.host)

        def counted():
            found = rows(SOURCES)
            return (
                len(found) == 1
                and found[0][0] == "members"
                and len(set(found[0][2:5])) == 1
                and found
            )

        eventually("every room counts its members", counted, 25, seen=lambda: rows(SOURCES))
        assert rows(SOURCES)[0][1] >= 0


def test_where_nothing_tells_people_online_nothing_is_claimed(collectors, rows, hot):
    with simulator(*DOCUMENTED) as documented:
        documented.order("fault", command="get_member_list", kind="code", code=100006)
        collectors(LIVE_HOST=documented.host)
        asked = lambda: documented.get("counts")["codes"].get("100006", 0)  # noqa: E731
        eventually("ten calls for members are refused", lambda: asked() >= 10, 25)
        eventually(
            "every room has its statistics",
            lambda: hot.states() and all(state["r"] is not None for state in hot.states().values()),
        )

    [(source, online, known, _, _, views)] = rows(SOURCES)
    assert (source, online) == ("", None)
    assert known >= 19 and views > 0
    assert {(state["o"], state["oa"]) for state in hot.states().values()} == {(None, None)}


def test_a_room_made_hidden_goes_on_and_is_still_read(simulated, collectors, rows):
    collectors()
    room_id = sorted(all_collected(simulated, rows))[0]

    config = LiveConfig(1400000000, SECRET, host=simulated.host, allow_loopback=True)
    with LiveClient(config, budget=LocalBudget(1.0)) as client:
        client.call(
            commands.update_room_info(
                room_id, is_unlimited_room_enabled=True, is_public_visible=False
            )
        )
    simulated.order("reset_counts")

    def confirmed():
        calls = simulated.get("calls")
        return any(c["command"] == "get_room_info" and c["room_id"] == room_id for c in calls)

    eventually("the room is asked about by itself", confirmed)
    question = "SELECT count(*) FROM rooms_room WHERE room_id = ? AND ended_at IS NULL AND NOT is_public_visible"
    eventually(
        "the room is known as hidden and live", lambda: rows(question, room_id), equals=[(1,)]
    )


def test_a_room_just_acted_upon_is_read_at_once(simulated, collectors, rows, hot):
    collectors(LIVEWARDEN_REST_INTERVAL="3600", LIVEWARDEN_SWEEP_INTERVAL="600")
    room_id = sorted(all_collected(simulated, rows))[0]
    pk = pk_of(rows, room_id)
    all_read(rows)
    simulated.order("reset_counts")

    hot.client.rpush(hot("refresh"), str(pk))

    read = lambda: {c["command"] for c in simulated.get("calls") if c["room_id"] == room_id}  # noqa: E731
    eventually("the room is read at once", lambda: read() >= {"get_room_info", "get_room_stats"}, 3)
