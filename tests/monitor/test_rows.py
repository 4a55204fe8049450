"""Rows are kept, and yet each person gets their own buttons, words and figures."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from moderation.core.roles import ROLES, make_person
from moderation.models import Action, Policy
from monitor.pages import row_cache
from rooms.live import hot_state
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "%(acts)s %s %% {{ slot.online }} {% url %}",
    "\u202egnp.exe",
    "&amp;&lt;b&gt;",
    "歌枠 🎤 कमरा",
)


@pytest.fixture(autouse=True)
def nothing_kept(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    row_cache.render_row.cache_clear()
    yield
    row_cache.render_row.cache_clear()


def enter(role: str, language: str = "en") -> Client:
    user = User.objects.filter(username=role).first() or make_person(role, role, PASSWORD)
    client = Client(headers={"accept-language": language})
    client.force_login(user)
    return client


def acts_offered(html: str) -> set[str]:
    """The acts that the list's buttons offer, by the addresses they lead to."""
    offered = set()
    if "/end" in html:
        offered.add("end")
    if "/bans/new" in html:
        offered.add("platform ban")
    if "/warn" in html:
        offered.add("warn")
    return offered


def table(answer) -> str:
    """The rows alone."""
    return re.search(r"<tbody.*?</tbody>", answer.content.decode(), re.DOTALL)[0]


@pytest.mark.parametrize("first", list(ROLES))
def test_nobody_gets_the_buttons_of_a_role_that_looked_before(first):
    make_room("room-1")
    expected = {
        "moderator": {"end", "warn"},
        "banadmin": {"end", "warn", "platform ban"},
        "supervisor": {"end", "warn", "platform ban"},
        "auditor": set(),
    }
    for role in (first, *ROLES):
        assert acts_offered(table(enter(role).get("/"))) == expected[role], role


def test_a_role_taken_away_takes_its_buttons_away():
    make_room("room-1")
    client = enter("moderator")
    assert acts_offered(table(client.get("/")))
    user = User.objects.get(username="moderator")
    user.groups.set(make_person("another", "auditor", PASSWORD).groups.all())
    assert not acts_offered(table(client.get("/")))


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_shown_as_text_every_time(name):
    make_room("room-1", name=name, owner_name=name, owner_account=name[:128])
    client = enter("banadmin")
    shown = [table(client.get("/")) for _ in range(2)]
    assert shown[0] == shown[1]
    titles = re.findall(r'<bdi\s+class="title">(.*?)</bdi>', shown[0])
    assert titles == [escape(name)]
    assert "<script" not in shown[0] and "<img src=x" not in shown[0]


def test_a_name_that_looks_like_a_slot_gets_no_figure():
    make_room("room-1", name=f"{row_cache._MARK[:-1]} %(online)s", online=4711)
    shown = table(enter("moderator").get("/"))
    assert shown.count("4,711") == 1
    assert "%(online)s" in shown


def test_each_language_has_rows_of_its_own():
    facts = row_cache.Facts(1, "r", 0, "n", "a", "", "", "", "", None, None, None, None, "")
    everything = frozenset({"moderation.end_stream"})
    kept = {
        language: row_cache.render_row(facts, everything, language)
        for language in ("en", "ja", "zh-hans", "zh-hant")
    }
    assert row_cache.render_row.cache_info().currsize == 4
    with translation.override("ja"):
        assert row_cache.render_row(facts, everything, "en") is kept["en"]


def test_a_row_shows_what_changed_since_it_was_kept():
    room = make_room("room-1", online=10, reward=20)
    client = enter("moderator")
    client.get("/")
    type(room).objects.filter(pk=room.pk).update(
        online=1234, online_at=77, reward=5678, statistics_at=88, views=91011, name="Renamed"
    )
    shown = table(client.get("/"))
    for text in ("1,234", 'data-at="77"', "5,678", 'data-at="88"', "91,011", "Renamed"):
        assert text in shown
    assert "Room-1" not in shown


def test_hot_figures_win_over_stored_ones(hot):
    room = make_room("room-1", online=10, reward=20)
    hot_state.reset({room.pk: {"o": 55555, "oa": 99, "r": None}})
    shown = table(enter("moderator").get("/"))
    assert "55,555" in shown and 'data-at="99"' in shown and ">20<" in shown


@pytest.fixture
def hot(valkey, settings):
    settings.REDIS_URL = valkey
    hot_state.redis.sync_client().flushall()


def test_an_act_shows_at_once_and_so_does_what_became_of_it():
    room = make_room("room-1")
    client = enter("moderator")
    assert "acts__line--" not in table(client.get("/"))
    now = timezone.now()
    act = Action.objects.create(
        verb="warn",
        room=room,
        policy=Policy.objects.first(),
        by_name="Wren 7",
        due_at=now,
        give_up_at=now,
    )
    assert "acts__line--requested" in table(client.get("/"))
    Action.objects.filter(pk=act.pk).update(
        status="failed", vendor_code=60011, vendor_text="<b>time-out</b>", finished_at=now
    )
    shown = table(client.get("/"))
    assert "acts__line--failed" in shown and "&lt;b&gt;time-out" in shown


@pytest.mark.parametrize(
    ("state", "pace"),
    [
        ({"status": "calling"}, 3),
        ({"status": "done", "needs_verifying": True}, 10),
        ({"status": "done", "result": {"verified": True}}, None),
    ],
)
def test_a_row_polls_until_its_end_is_read_back_since_a_push_can_be_lost(state, pace):
    room = make_room("room-1")
    now = timezone.now()
    Action.objects.create(
        verb="end",
        room=room,
        policy=Policy.objects.first(),
        by_name="Wren 7",
        due_at=now,
        give_up_at=now,
        finished_at=now,
        **state,
    )
    line = enter("moderator").get(reverse("acts-of-room", args=[room.pk])).content.decode()
    assert re.findall(r'hx-trigger="every (\d+)s"', line) == ([str(pace)] if pace else [])


def test_the_form_of_a_failed_act_carries_the_token_of_who_asks():
    room = make_room("room-1")
    now = timezone.now()
    Action.objects.create(
        verb="warn",
        room=room,
        policy=Policy.objects.first(),
        by_name="Wren 7",
        due_at=now,
        give_up_at=now,
        status="failed",
        finished_at=now,
    )
    secrets = set()
    for role in ("moderator", "banadmin"):
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_person(role, role, PASSWORD))
        shown = table(client.get("/"))
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', shown)
        assert found, "a failed action can be tried again"
        act = Action.objects.latest("pk")
        answer = client.post(f"/acts/{act.pk}/retry", {"csrfmiddlewaretoken": found[1]})
        assert answer.status_code != 403
        secrets.add(client.cookies["csrftoken"].value)
    assert len(secrets) == 2


def test_ended_rooms_offer_no_act():
    make_room("room-1", ended_at=timezone.now())
    assert not acts_offered(table(enter("supervisor").get("/?state=ended")))


def test_what_is_kept_is_bounded():
    assert row_cache.render_row.cache_info().maxsize == row_cache.MAX_KEPT
