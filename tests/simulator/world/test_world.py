"""The world: seeded, lazy, believable, and not to be trusted with a page."""

import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.errors import Refusal
from simulator.world import figures, names
from simulator.world.audience import Audience
from simulator.world.figures import Counted, Shape
from tests.simulator.conftest import make_world


def picture(world):
    """Everything that can be seen of a world at its moment."""
    now = world.clock.now()
    return [(room.info, world.online(room), room.statistics(now)) for room in world.rooms.values()]


def moved(world, seconds, steps=1):
    for _ in range(steps):
        world.clock.step(seconds / steps)
        world.move()
    return world


def test_the_same_seed_makes_the_same_world_however_often_somebody_looks():
    seldom, often = make_world(churn=1.0), make_world(churn=1.0)
    assert picture(seldom) == picture(often)
    moved(often, 7200, steps=100)
    for room in often.rooms.values():
        room.statistics(often.clock.now())
    assert picture(moved(seldom, 7200)) == picture(often)


def test_another_seed_makes_another_world():
    assert picture(make_world(seed=3)) != picture(make_world(seed=4))


def test_hosts_come_and_go_and_the_number_of_rooms_holds():
    world = make_world(churn=1.0)
    before = set(world.rooms)
    counts = [len(moved(world, 60).rooms) for _ in range(120)]
    assert len(before - set(world.rooms)) > 10
    assert len(set(world.rooms) - before) > 10
    assert {ending.why for ending in world.ended} == {"left"}
    assert all(35 <= count <= 45 for count in counts)


def test_without_churn_nobody_comes_or_goes():
    world = make_world()
    before = list(world.rooms)
    assert list(moved(world, 86_400).rooms) == before


def test_two_stations_have_more_than_fifty_thousand_people_at_any_hour():
    world = make_world(churn=1.0)
    for _ in range(50):
        moved(world, 777)
        largest = sorted(world.online(room) for room in world.rooms.values())[-2:]
        assert all(50_000 < online < 100_000 for online in largest)


def test_audiences_are_heavy_tailed_and_some_rooms_are_empty():
    world = make_world(rooms=400, viewers=100_000)
    sizes = sorted(
        world.online(room) for room in world.rooms.values() if room.host not in world.stations
    )
    assert sizes[: 400 // 20] == [0] * (400 // 20)
    assert sum(sizes[-40:]) > sum(sizes[:-40])
    assert 50_000 < sum(sizes) < 250_000


def test_a_crowd_rises_moves_in_waves_and_empty_rooms_stay_empty():
    shape = Shape(size=1000, generosity=1, phase=0.5, pace=1, seed=7)
    first = [figures.online(shape, age) for age in range(0, 600, 60)]
    later = [figures.online(shape, age) for age in range(3600, 9000, 30)]
    assert first[0] == 0 and first[1:4] == sorted(first[1:4]) and first[-1] > 3 * first[1]
    assert min(later) < 800 < 1150 < max(later)
    assert figures.online(Shape(0, 1, 0.5, 1, 7), 5000) == 0


def test_gifts_are_heavy_tailed():
    shape = Shape(size=500, generosity=1, phase=0, pace=1, seed=11)
    gifts = sorted(figures.gift_in(shape, step) for step in range(20_000))
    given = [coins for coins in gifts if coins]
    assert len(given) < len(gifts) / 10
    assert sum(given[-len(given) // 20 :]) > 0.4 * sum(given)


SHAPES = st.builds(
    Shape,
    size=st.integers(0, 70_000),
    generosity=st.floats(0.1, 100),
    phase=st.floats(0, 6.28),
    pace=st.floats(0.5, 2),
    seed=st.integers(0, 2**30),
)


@given(SHAPES, st.floats(0, 20_000), st.floats(0, 5_000))
def test_totals_never_fall_and_nobody_is_in_a_room_without_having_entered(shape, age, later):
    counted = Counted()
    before = (
        figures.entries(shape, age, counted),
        figures.chat(shape, age),
        *figures.gifts(shape, age, counted),
    )
    assert 0 <= figures.online(shape, age) <= before[0]
    age += later
    after = (
        figures.entries(shape, age, counted),
        figures.chat(shape, age),
        *figures.gifts(shape, age, counted),
    )
    assert all(a >= b >= 0 for a, b in zip(after, before, strict=True))
    fresh = Counted()
    assert after[0] == figures.entries(shape, age, fresh)
    assert after[2:] == figures.gifts(shape, age, fresh)


@given(st.integers(1, 5000), st.data())
def test_every_viewer_has_one_place_on_the_circle(viewers, data):
    audience = Audience(viewers)
    first, count = (
        data.draw(st.integers(0, viewers - 1)),
        data.draw(st.integers(0, min(viewers, 300))),
    )
    shown = list(audience.names(first, count))
    assert len(set(shown)) == count
    for account in shown:
        assert audience.within(audience.place(account), (first, count))
    assert audience.place(f"viewer_{viewers}") is None


def scripts(texts):
    """The scripts in which the letters of the texts are written."""
    return {
        unicodedata.name(letter).split()[0] for text in texts for letter in text if letter.isalpha()
    }


def test_names_are_written_in_many_scripts():
    world = make_world(rooms=200)
    many = {"LATIN", "HIRAGANA", "KATAKANA", "CJK", "HANGUL", "ARABIC", "CYRILLIC", "DEVANAGARI"}
    assert scripts(room.info["RoomName"] for room in world.rooms.values()) >= many
    assert scripts(names.host_nick(1, host) for host in range(300)) >= many
    assert scripts(names.viewer_nick(1, viewer) for viewer in range(600)) >= many


def test_some_names_try_to_break_a_page():
    world = make_world(rooms=300)
    titles = [room.info["RoomName"] for room in world.rooms.values()]
    nicks = [world.people.find(room.owner)["nick"] for room in world.rooms.values()]
    for texts in (titles, nicks):
        assert any("<script>" in text for text in texts)
        assert any("onerror=" in text for text in texts)
        assert any("\u202e" in text for text in texts)
        assert any(not text.strip("\u200b ") for text in texts)
    assert any("👩‍👩" in text for text in titles)
    assert max(len(text.encode()) for text in titles) == 100


def test_some_room_ids_do_and_all_are_at_most_48_bytes_of_printable_ascii():
    ids = list(make_world(rooms=300).rooms)
    assert all(0 < len(i) <= 48 and i.isascii() and i.isprintable() for i in ids)
    assert any(len(i) == 48 and " " in i and "/" in i and '"' in i for i in ids)
    assert "../../etc/passwd" in ids


def test_the_default_world_of_sixty_rooms_has_something_of_everything():
    world = make_world(rooms=60, seed=1)
    rooms = list(world.rooms.values())
    assert any(world.is_stubborn(room) for room in rooms)
    assert any(not room.info["IsPublicVisible"] for room in rooms)
    assert any(room.shape.size == 0 for room in rooms)
    assert any("<script>" in room.info["RoomName"] for room in rooms)
    assert any(" " in room.room_id for room in rooms)


def test_a_stubborn_host_comes_back_with_the_same_room_id_whenever_it_is_ended():
    world = make_world()
    room = next(room for room in world.rooms.values() if world.is_stubborn(room))
    for _ in range(2):
        ended = world.rooms[room.room_id]
        world.close(ended, "destroyed")
        assert room.room_id not in moved(world, 3).rooms
        again = moved(world, 10).rooms[room.room_id]
        assert again.owner == room.owner
        assert again.info["CreateTime"] > ended.info["CreateTime"]


def test_an_ordinary_host_stays_away_and_another_opens():
    world = make_world(churn=1.0)
    room = next(r for r in world.rooms.values() if not world.is_stubborn(r))
    count = len(world.rooms)
    world.close(room, "destroyed")
    assert room.room_id not in moved(world, 30).rooms
    assert len(moved(world, 90).rooms) >= count - 5


def test_a_full_room_takes_nobody_in():
    world = make_world()
    room = next(iter(world.rooms.values()))
    room.info["MaxMemberCount"] = world.online(room)
    with pytest.raises(Refusal) as refused:
        world.enter(room, "one too many")
    assert refused.value.code == 100008


def test_a_world_can_grow_to_thousands_of_rooms():
    world = make_world()
    world.populate(2000)
    assert len(world.rooms) == 2000
    assert len({room.owner for room in world.rooms.values()}) == 2000


def test_a_title_is_about_what_its_cover_shows():
    world = make_world(rooms=200)
    for room in world.rooms.values():
        about = names.theme(world.seed, room.host)
        assert f"/covers/{about}-" in room.info["CoverURL"]
        hostile = room.info["RoomName"] in {names.cut(text) for text in names.HOSTILE_TITLES}
        assert hostile or room.info["RoomName"] in names.THEMES[about]


def test_a_cut_text_ends_with_a_whole_letter():
    rng = random.Random(1)
    for text in names.HOSTILE_TITLES:
        assert text.startswith(names.cut(text, rng.randrange(1, 100)))
