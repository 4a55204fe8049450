"""The publish-to-document latency on the wall with twelve videos playing, compared with none.

One Chromium shows the wall of 40 tiles; the streams are the demo platform's. Pages with videos and
without (the players are removed from the page) take turns, so that both meet the same machine.
Publish-to-document is measured as in `benchmarks.browser`.
"""

import time
from argparse import Namespace
from typing import Any

from benchmarks.browser import HANDLER_TIMER, logged_in, noted_publish
from benchmarks.environment import benchmark_environment
from benchmarks.report import Goal, Report, percentile
from launcher.development.browser import chromium

PLAYING = 12
LATENCY_LIMIT = 2.0
START_SECONDS = 60.0


def run(options: Namespace) -> Report:
    rounds, ticks = (2, 10) if options.quick else (4, 30)
    report = Report("picture")
    with benchmark_environment() as env:
        env.valkey()
        vendor = env.simulator("--rooms", "60", "--viewers", "2000", "--churn", "0")
        env.variables |= {
            "LIVEWARDEN_PICTURE_SOURCE": "hls",
            "LIVEWARDEN_HLS_URL": f"{vendor}/live/{{room_id}}/index.m3u8",
            "LIVEWARDEN_IMAGE_ORIGINS": f"https:,{vendor}",
        }
        env.prepare()
        url = env.console("web", "collector")
        env.django()
        with chromium() as browser:
            page = logged_in(browser, url, "supervisor")
            page.add_init_script(HANDLER_TIMER)
            delays = measured(page, url, rounds, ticks, report)
    with_pictures, without = percentile(delays[True], 0.95), percentile(delays[False], 0.95)
    report.figures |= {
        "publish-to-document latency, 12 videos playing, p95, ms": with_pictures,
        "publish-to-document latency, no video, p95, ms": without,
        "publish-to-document latency, 12 videos playing, median, ms": percentile(delays[True], 0.5),
        "publish-to-document latency, no video, median, ms": percentile(delays[False], 0.5),
    }
    ratio = with_pictures / without
    report.goals.append(
        Goal("publish-to-document p95, 12 videos playing / none", ratio, LATENCY_LIMIT)
    )
    return report


def measured(
    page: Any, url: str, rounds: int, ticks: int, report: Report
) -> dict[bool, list[float]]:
    """Delays in ms by whether pictures played."""
    delays: dict[bool, list[float]] = {True: [], False: []}
    playing = []
    for _ in range(rounds):
        for pictures in (True, False):
            page.goto(f"{url}/wall")
            page.wait_for_selector(".tile")
            if pictures:
                playing.append(until_they_play(page))
            else:
                page.evaluate(
                    "() => { for (const element of document.querySelectorAll('[data-player]')) "
                    "element.remove(); }"
                )
                page.wait_for_timeout(1500)
            delays[pictures] += publish(page, ticks)
    report.figures["videos playing, minimum of the rounds"] = min(playing)
    return delays


def until_they_play(page: Any) -> int:
    """Waits until twelve play, or as many as do (some are gone), and none is about to; how many
    there are.
    """
    end, most, loading = time.monotonic() + START_SECONDS, 0, 1
    while time.monotonic() < end and (most < PLAYING - 2 or loading):
        states = page.locator("[data-player]").evaluate_all(
            "all => all.map(one => one.dataset.picture)"
        )
        most = sum(state in {"playing", "black", "frozen"} for state in states)
        loading = states.count("loading")
        page.wait_for_timeout(500)
    return most


def publish(page: Any, ticks: int) -> list[float]:
    """Publishes figures of all tiles, ten ticks in five seconds; ms until each stood in the
    document.
    """
    from rooms.live import push

    pks = [
        int(pk)
        for pk in page.locator(".tile").evaluate_all(
            "tiles => tiles.map(tile => tile.dataset.room)"
        )
    ]
    delays = []
    at = int(time.time() * 1000) * 10
    for number in range(ticks):
        now = int(time.time())
        changed = {
            pk: {"o": number * 1000 + pk, "oa": now, "r": number * 7000 + pk, "ra": now}
            for pk in pks
        }
        moments: list[float] = []
        at += 1
        with noted_publish(moments):
            push.publish_tick(changed, changed, at_ms=at)
        page.wait_for_function(
            "at => window.benchmark.handled.has(at)", arg=at, polling=5, timeout=10_000
        )
        handled = page.evaluate("at => window.benchmark.handled.get(at)", at)
        delays.append(handled["moment"] - moments[0] * 1000)
        time.sleep(0.5)
    return delays
