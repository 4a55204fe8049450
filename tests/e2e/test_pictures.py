"""Pictures in a browser: which play, what is said of them, the vendor's SDK; and who looks at what,
as colleagues see it.
"""

import httpx
import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser
SECONDS = 60_000


@pytest.fixture
def wall(log_in):
    """The wall on a screen of 1080p, opened at an address."""
    page = log_in("moderator", 1920)
    page.set_viewport_size({"width": 1920, "height": 1080})

    def opened(query: str = "") -> Page:
        page.goto(f"/wall{query}")
        page.wait_for_selector(".tile")
        return page

    return opened


def order(stack, room_id: str, kind: str) -> None:
    answer = httpx.post(
        f"{stack.state['control']}/_simulator/picture",
        json={"room_id": room_id, "kind": kind},
        timeout=10,
    )
    answer.raise_for_status()


def test_pictures_play_in_sight_muted_twelve_at_most(wall):
    page = wall()
    expect(page.locator(".player[data-picture=playing]").nth(8)).to_be_visible(timeout=SECONDS)
    videos = page.locator("video")
    assert 9 <= videos.count() <= 12
    assert videos.evaluate_all("videos => videos.every(video => video.muted)")
    # Out of sight they stop; the sound is that of one tile.
    page.locator(".tile").first.focus()
    page.keyboard.press("m")
    page.locator(".tile").nth(1).focus()
    page.keyboard.press("m")
    assert videos.evaluate_all("videos => videos.filter(video => !video.muted).length") == 1
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    expect(page.locator(".tile").nth(2).locator("video")).to_have_count(0, timeout=SECONDS)


@pytest.mark.parametrize("kind", ["black", "frozen", "gone"])
def test_what_is_wrong_with_a_picture_is_said_on_its_tile(kind, wall, stack):
    page = wall("?density=large")
    # By its room: the first two are close, and may have changed places when the page is read again.
    room_id = (
        page.locator(".tile")
        .nth({"black": 0, "frozen": 1, "gone": 2}[kind])
        .get_attribute("data-room-id")
    )
    tile = page.locator(f".tile[data-room-id='{room_id}']")
    order(stack, room_id, kind)
    page.reload()
    try:
        state = "none" if kind == "gone" else kind
        expect(tile.locator(".player")).to_have_attribute("data-picture", state, timeout=SECONDS)
        expect(tile.locator("[data-picture-words]")).not_to_be_empty()
    finally:
        order(stack, room_id, "fine")


def test_a_hidden_tab_plays_nothing_and_counts_no_look(wall):
    page = wall()
    expect(page.locator("video").first).to_be_attached(timeout=SECONDS)
    page.evaluate("""() => {
      Object.defineProperty(document, 'hidden', {value: true, configurable: true});
      document.dispatchEvent(new Event('visibilitychange'));
    }""")
    expect(page.locator("video")).to_have_count(0, timeout=SECONDS)


def test_colleagues_see_who_looks_and_who_looked(log_in):
    mine, theirs = log_in("moderator"), log_in("banadmin")
    pk = mine.locator(".room-row").nth(7).get_attribute("data-room")
    theirs.goto(f"/rooms/{pk}")
    row = mine.locator(f".room-row[data-room='{pk}']")
    expect(row.locator("[data-here]")).to_have_text("1 here", timeout=SECONDS)
    name = theirs.locator(".me summary").inner_text().strip()
    expect(row.locator("[data-here]")).to_have_attribute("title", name)
    theirs.goto("/system")
    expect(row.locator("[data-here]")).to_have_text("", timeout=SECONDS)
    expect(row.locator("[data-seen]")).not_to_have_text("not looked at yet")


FAKE = """() => {
  const calls = [];
  window.calls = calls;
  const event = {REMOTE_VIDEO_AVAILABLE: 'a', REMOTE_VIDEO_UNAVAILABLE: 'u', KICKED_OUT: 'k', ERROR: 'e'};
  window.TRTC = {
    EVENT: event, TYPE: {ROLE_AUDIENCE: 'audience', SCENE_LIVE: 'live', STREAM_TYPE_MAIN: 'main', STREAM_TYPE_SUB: 'sub'},
    create() {
      const heard = {};
      const made = {
        on(name, then) { heard[name] = then; },
        fire(name, what) { heard[name](what); },
        async enterRoom(how) { calls.push(['enter', how]); },
        async startRemoteVideo(how) { calls.push(['start', how.userId]); how.view.append(document.createElement('video')); },
        async muteRemoteAudio(who, mute) { calls.push(['mute', who, mute]); },
        exitRoom() { calls.push(['exit']); return new Promise(() => {}); },
        destroy() { calls.push(['destroy']); },
      };
      window.trtc = made;
      return made;
    },
  };
}"""


def test_the_vendors_sdk_is_entered_left_and_destroyed_as_it_wants(wall):
    """Against a fake of its object: no network is here."""
    page = wall()
    page.route(
        "**/picture?tile=*",
        lambda route: route.fulfill(
            json={"sdkAppId": 1, "userId": "me", "userSig": "s", "strRoomId": "r1"}
        ),
    )
    page.evaluate(FAKE)
    page.evaluate("""async () => {
      const element = document.createElement('div');
      document.body.append(element);
      const player = {element, pk: 1, video: document.createElement('video')};
      window.player = player;
      window.told = [];
      const said = {gone: () => told.push('gone')};
      const module = document.querySelector('link[rel=modulepreload][href*="/wall/trtc."]').href;
      window.source = (await import(module)).trtc(player, said);
    }""")
    page.wait_for_function("() => calls.length === 1")
    how = page.evaluate("calls[0][1]")
    assert (
        how
        | {
            "role": "audience",
            "scene": "live",
            "autoReceiveAudio": False,
            "autoReceiveVideo": False,
            "strRoomId": "r1",
        }
        == how
    )
    page.evaluate("trtc.fire('a', {userId: 'somebody', streamType: 'main'})")
    page.evaluate("trtc.fire('a', {userId: 'livekit_other', streamType: 'main'})")
    page.evaluate("trtc.fire('a', {userId: 'livekit_1_r1', streamType: 'main'})")
    page.wait_for_function(
        "() => player.video?.parentElement?.matches('.player__video')"
    )  # the SDK's own is looked at
    assert page.evaluate("told") == []
    page.evaluate("source.sound(true)")
    assert page.evaluate("calls.slice(1)") == [
        ["start", "livekit_1_r1"],
        ["mute", "livekit_1_r1", False],
    ]
    page.evaluate("source.stop()")
    page.wait_for_function("() => calls.at(-1)[0] === 'destroy'", timeout=8000)
    assert page.evaluate("calls.at(-2)") == ["exit"], (
        "an exit that never answers is not waited for without end"
    )
