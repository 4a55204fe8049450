"""A person's own screen: preferences applied by the server, saved views, the time zone of times."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import translation

from moderation.core.roles import make_person
from monitor.models import Preference, SavedView
from monitor.personal import saved_views
from tests.support.factories import PASSWORD, make_room

pytestmark = pytest.mark.django_db
CHOSEN = {
    "language": "ja",
    "time_zone": "Asia/Tokyo",
    "theme": "light",
    "blur": "on",
    "greyscale": "on",
    "single_keys": "",
}


@pytest.fixture(autouse=True)
def no_redis(settings):
    settings.REDIS_URL = "unix:///nowhere/valkey.sock"
    yield
    translation.activate("en")


def enter(role: str = "moderator") -> Client:
    user = User.objects.filter(username=role).first() or make_person(role, role, PASSWORD)
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(user, backend="monitor.backends.ScreenBackend")
    return client


def test_what_was_chosen_is_on_every_page_before_anything_is_drawn():
    client = enter()
    assert client.post("/preferences", CHOSEN).status_code == 302
    for page in ("/", "/wall", "/system"):
        head = client.get(page).content.decode().split("<body", 1)[0]
        for part in (
            'lang="ja"',
            'data-theme="light"',
            "data-blur",
            "data-greyscale",
            "data-sound",
            "data-keys-off",
            'data-time-zone="Asia/Tokyo"',
        ):
            assert part in head


def test_it_is_the_persons_on_every_device_and_nobody_elses():
    enter().post("/preferences", CHOSEN)
    assert 'data-theme="light"' in enter().get("/").content.decode()
    assert "data-blur" not in enter("auditor").get("/").content.decode()


def test_times_are_in_the_persons_zone_with_utc_on_hover():
    room = make_room("r", create_time=1_700_000_000)
    client = enter()
    client.post("/preferences", CHOSEN | {"language": "en"})
    html = client.get(f"/rooms/{room.pk}").content.decode()
    assert 'title="2023-11-14 22:13:20 UTC">2023-11-15 07:13:20</time>' in html


@pytest.mark.parametrize(
    "wrong", [{"time_zone": "Mars/Olympus"}, {"language": "tlh"}, {"theme": "pink"}]
)
def test_nonsense_is_refused_in_words_and_changes_nothing(wrong):
    assert enter().post("/preferences", CHOSEN | wrong).status_code == 422
    assert not Preference.objects.exists()


def test_a_zone_that_this_machine_no_longer_knows_breaks_no_page():
    client = enter()
    Preference.objects.create(user=User.objects.get(), time_zone="Asia/Atlantis", language="xx")
    assert client.get("/").status_code == 200


def test_the_button_on_top_saves_the_theme_and_nothing_else():
    client = enter()
    client.post("/preferences", CHOSEN)
    assert client.post("/preferences/theme", {"theme": "dark"}).status_code == 204
    kept = Preference.objects.get()
    assert (kept.theme, kept.blur, kept.language) == ("dark", True, "ja")
    assert client.post("/preferences/theme", {"theme": "pink"}).status_code == 422


def test_preferences_cost_a_page_no_question(django_assert_max_num_queries):
    client = enter()
    client.post("/preferences", CHOSEN)
    client.get("/queue/count")
    with django_assert_max_num_queries(5):
        client.get("/queue/count")


# --- Saved views ----------------------------------------------------------------------------------


def save(client: Client, **more):
    return client.post(
        "/views", {"name": "mine", "page": "wall", "query": "density=large&pin=a+b&evil=1"} | more
    )


def test_a_view_is_saved_as_its_page_writes_addresses_and_opened():
    client = enter()
    answer = save(client)
    assert answer["Location"] == "/wall?density=large&pin=a+b"
    assert client.get(answer["Location"]).status_code == 200
    assert (
        'href="/wall?density=large&amp;pin=a+b"' in client.get("/views?page=wall").content.decode()
    )
    assert "mine" not in client.get("/views?page=rooms").content.decode()


def test_the_same_name_again_is_the_same_view():
    client = enter()
    save(client)
    save(client, query="density=medium")
    assert SavedView.objects.get().query == "density=medium"


def test_only_supervisors_share_and_everybody_opens_what_is_shared():
    assert save(enter(), is_shared="1").status_code == 403
    assert save(enter("supervisor"), is_shared="1").status_code == 302
    assert "mine" in enter("auditor").get("/views?page=wall").content.decode()


def test_own_views_are_nobody_elses_to_see_or_delete():
    save(enter())
    view = SavedView.objects.get()
    assert "mine" not in enter("supervisor").get("/views?page=wall").content.decode()
    assert enter("supervisor").post(f"/views/{view.pk}/delete").status_code == 403
    assert enter().post(f"/views/{view.pk}/delete").status_code == 302
    assert not SavedView.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 61}, {"page": "attic"}, {"query": "x" * 2001}]
)
def test_a_view_without_a_name_or_a_page_is_refused(wrong):
    assert save(enter(), **wrong).status_code == 422


def test_nobody_keeps_views_without_end(monkeypatch):
    monkeypatch.setattr(saved_views, "MAX_VIEWS", 1)
    client = enter()
    save(client)
    assert save(client, name="another").status_code == 409
