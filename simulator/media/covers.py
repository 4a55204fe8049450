"""Pictures of the demo platform: a cover a room and a face an account, small SVG, the same for the
same number.

A cover is a scene (what the host shows), its light (two colours of one palette) and, in most, the
host in front of it.
"""

import random
from collections.abc import Callable

from aiohttp import web

# sky above, sky below, glow, ink
PALETTES = (
    ("#1b1f4b", "#6d3b8c", "#ff9e7a", "#0d0f26"),
    ("#0b3142", "#1f7a8c", "#ffd37a", "#061a24"),
    ("#3a1550", "#c2417c", "#ffd6a5", "#1d0a29"),
    ("#10243f", "#3d6fb6", "#a8e6ff", "#081322"),
    ("#2c1810", "#b5622f", "#ffe08a", "#170c08"),
    ("#12332b", "#3f9a6b", "#f4f1a1", "#081a16"),
    ("#2a1140", "#5b4bd6", "#7df0d8", "#140821"),
    ("#40121f", "#d1495b", "#ffc9b5", "#20090f"),
)
SKINS = ("#f6d3b8", "#e8b48c", "#c98d63", "#9a6242", "#6d4330", "#f0c9a4")
HAIRS = ("#1f1a1d", "#3b2417", "#7a4a21", "#c9a14a", "#8a2f3c", "#5a5f6e", "#e9e4dc", "#4b3a8f")
SHIRTS = ("#e4572e", "#17bebb", "#ffc914", "#76b041", "#6a4c93", "#f7f7f2", "#2e86ab", "#d1495b")


def sparks(rng: random.Random, number: int, colour: str, low: int = 100) -> str:
    """Small lights in the upper part."""
    return "".join(
        f'<circle cx="{rng.randrange(320)}" cy="{rng.randrange(low)}" '
        f'r="{rng.choice((0.8, 1.1, 1.6, 2.2))}" '
        f'fill="{colour}" opacity="{rng.uniform(0.35, 0.95):.2f}"/>'
        for _ in range(number)
    )


def stage(rng: random.Random, glow: str, ink: str) -> str:
    """Light beams from above, a crowd below."""
    beams = "".join(
        f'<path d="M{x} -4 L{x + rng.randrange(-90, 10)} 180 H{x + rng.randrange(40, 110)} Z" '
        f'fill="{glow}" opacity=".17"/>'
        for x in (60, 130, 190, 260)
    )
    heads = "".join(
        f'<circle cx="{x}" cy="{174 - rng.randrange(7)}" r="{rng.randrange(8, 12)}" fill="{ink}"/>'
        for x in range(0, 330, 17)
    )
    lamps = "".join(
        f'<rect x="{x - 8}" y="0" width="16" height="7" rx="2" fill="{ink}"/>'
        for x in (60, 130, 190, 260)
    )
    return beams + lamps + heads


def piano(rng: random.Random, glow: str, ink: str) -> str:
    """A keyboard along the lower edge, notes rising."""
    whites = "".join(
        f'<rect x="{x}" y="146" width="18.4" height="36" rx="2" fill="#fbf7ef"/>'
        for x in range(0, 320, 20)
    )
    blacks = "".join(
        f'<rect x="{x * 20 + 14}" y="146" width="11" height="21" rx="2" fill="{ink}"/>'
        for x in range(16)
        if x % 7 not in (2, 6)
    )
    notes = "".join(
        f'<g transform="translate({rng.randrange(15, 300)} {rng.randrange(16, 110)}) '
        f'scale({rng.uniform(0.8, 1.6):.2f})" '
        f'fill="{glow}" opacity=".8"><ellipse cx="0" cy="12" rx="5" ry="3.6"/><path d="M3.6 '
        '12V-5l8 3.5v3l-6-2.4V12z"/></g>'
        for _ in range(6)
    )
    return f'{notes}<rect y="140" width="320" height="8" fill="{ink}"/>{whites}{blacks}'


def game(rng: random.Random, glow: str, ink: str) -> str:
    """Blocky hills, coins to collect, a flag."""
    ground = "".join(
        f'<rect x="{x}" y="{180 - h}" width="20.4" height="{h}" fill="{ink}"/>'
        f'<rect x="{x}" y="{180 - h}" width="20.4" height="6" fill="#7bd66b"/>'
        for x in range(0, 320, 20)
        for h in (rng.choice((22, 22, 34, 46)),)
    )
    coins = "".join(
        f'<circle cx="{40 + k * 26}" cy="{86 - (k % 3) * 9}" r="7" fill="#ffd23f" stroke="{ink}" '
        'stroke-width="2"/>'
        for k in range(4)
    )
    clouds = "".join(
        f'<path d="M{x} {y}h48v-8h-8v-8h-24v8h-16z" fill="#fff" opacity=".75"/>'
        for x, y in ((rng.randrange(20, 120), 44), (rng.randrange(170, 260), 64))
    )
    return (
        f'{clouds}{coins}{ground}<path d="M284 60v80h4V60z" fill="#fff"/>'
        f'<path d="M288 62h26l-8 9 8 9h-26z" fill="{glow}"/>'
    )


def kitchen(rng: random.Random, glow: str, ink: str) -> str:
    """A steaming bowl on a counter, a hanging lamp."""
    steam = "".join(
        f'<path d="M{x} 96q-9-13 0-24t0-24" fill="none" stroke="#fff" stroke-width="4" '
        'stroke-linecap="round" opacity=".5"/>'
        for x in (214, 236, 258)
    )
    toppings = "".join(
        f'<circle cx="{196 + k * 17}" cy="{104 + k % 2 * 3}" r="{rng.randrange(6, 10)}" '
        f'fill="{colour}"/>'
        for k, colour in enumerate(
            rng.sample(("#ff6b4a", "#8fd14f", "#ffe066", "#fff3d6", "#c97b4a"), 5)
        )
    )
    return (
        f'<path d="M70 0v26" stroke="{ink}" stroke-width="3"/><path d="M44 46q26-40 52 0z" '
        f'fill="{ink}"/>'
        f'<path d="M48 46h44l40 134H8z" fill="{glow}" opacity=".2"/><rect y="146" width="320" '
        f'height="34" fill="{ink}"/>'
        f'{steam}<ellipse cx="236" cy="108" rx="54" ry="13" fill="#f2b36b"/>{toppings}'
        '<path d="M180 108h112q-6 44-38 44h-36q-32 0-38-44z" fill="#e9edf2"/><path d="M183 '
        '120h106l-3 8H186z" fill="#d1495b"/>'
    )


def desk(rng: random.Random, glow: str, ink: str) -> str:
    """Books, a lamp's cone, a window with the evening."""
    books, y = "", 148
    for _ in range(4):
        width, height = rng.randrange(70, 104), rng.randrange(11, 17)
        y -= height
        books += (
            f'<rect x="{252 - width // 2}" y="{y}" width="{width}" height="{height}" rx="2" '
            f'fill="{rng.choice(SHIRTS)}"/>'
            f'<rect x="{262 - width // 2}" y="{y}" width="5" height="{height}" '
            'fill="#fff" opacity=".55"/>'
        )
    return (
        f'<rect x="24" y="22" width="92" height="82" rx="4" fill="{ink}" '
        f'opacity=".45"/>{sparks(rng, 9, glow, 90)}'
        f'<path d="M70 22v82M24 63h92" stroke="{ink}" stroke-width="4"/>'
        f'<rect y="148" width="320" height="32" fill="{ink}"/>{books}'
        f'<path d="M196 148V88l-26-26" fill="none" stroke="#f7f7f2" stroke-width="4"/>'
        '<path d="M150 74l22-24 18 18z" fill="#f7f7f2"/>'
        f'<path d="M150 74l32-8 8 82H96z" fill="{glow}" opacity=".3"/>'
    )


def easel(rng: random.Random, glow: str, ink: str) -> str:
    """A canvas with a little landscape on it, strokes of paint around."""
    dabs = "".join(
        f'<ellipse cx="{rng.randrange(10, 310)}" cy="{rng.randrange(10, 170)}" '
        f'rx="{rng.randrange(9, 26)}" '
        f'ry="{rng.randrange(4, 9)}" '
        f'fill="{rng.choice(SHIRTS)}" opacity=".5" transform="rotate({rng.randrange(-40, 40)} 160 '
        '90)"/>'
        for _ in range(7)
    )
    return (
        f'{dabs}<path d="M214 150l-16 30M290 150l16 30M252 10v20" stroke="#8a5a34" '
        'stroke-width="6"/>'
        f'<rect x="188" y="28" width="128" height="104" fill="#fbf7ef"/>'
        f'<rect x="196" y="36" width="112" height="88" fill="{glow}"/>'
        f'<circle cx="{rng.randrange(220, 290)}" cy="62" r="13" fill="#fff" opacity=".85"/>'
        f'<path d="M196 104q28-{rng.randrange(14, 44)} 56-6t56-12v38H196z" fill="{ink}" '
        'opacity=".75"/>'
        f'<path d="M196 112q40-12 112 0v12H196z" fill="#2e86ab"/><rect x="182" y="132" width="140" '
        'height="10" fill="#8a5a34"/>'
    )


def city(rng: random.Random, glow: str, ink: str) -> str:
    """A skyline at night with lit windows, under a moon."""
    moon = rng.randrange(60, 270)
    out = sparks(rng, 26, "#fff", 90) + f'<circle cx="{moon}" cy="38" r="20" fill="{glow}"/>'
    x = 0
    while x < 320:
        width, height = rng.randrange(26, 48), rng.randrange(44, 118)
        out += f'<rect x="{x}" y="{180 - height}" width="{width}" height="{height}" fill="{ink}"/>'
        out += "".join(
            f'<rect x="{wx}" y="{wy}" width="5" height="6" fill="{glow}" opacity=".85"/>'
            for wx in range(x + 6, x + width - 6, 10)
            for wy in range(190 - height, 172, 13)
            if rng.random() < 0.4
        )
        x += width + rng.randrange(0, 5)
    return out


def sunrise(rng: random.Random, glow: str, ink: str) -> str:
    """A low sun behind ranges of hills, a lake in front of them."""
    sun = rng.randrange(90, 240)
    out = (
        f'<circle cx="{sun}" cy="104" r="58" fill="{glow}" opacity=".25"/>'
        f'<circle cx="{sun}" cy="104" r="36" fill="{glow}"/>'
    )
    for base, opacity in ((104, 0.35), (122, 0.6), (140, 0.9)):
        ridge = " ".join(f"{x},{base - rng.randrange(4, 38)}" for x in range(0, 361, 40))
        out += f'<polygon points="0,180 {ridge} 360,180" fill="{ink}" opacity="{opacity}"/>'
    ripples = "".join(
        f'<path d="M{sun - rng.randrange(10, 50)} {y}h{rng.randrange(30, 90)}" stroke="{glow}" '
        'stroke-width="2" opacity=".6"/>'
        for y in (158, 165, 172)
    )
    return f'{out}<rect y="150" width="320" height="30" fill="{ink}" opacity=".75"/>{ripples}'


def boxes(rng: random.Random, glow: str, ink: str) -> str:
    """Parcels, one of them open and shining."""
    out = f'<rect y="150" width="320" height="30" fill="{ink}"/>'
    for x, y, size in ((20, 96, 54), (60, 116, 34), (250, 86, 64), (226, 116, 34)):
        colour = rng.choice(("#c98d5a", "#b5763f", "#e0ac72", "#9fb4c7"))
        out += f'<rect x="{x}" y="{y}" width="{size}" height="{size}" rx="3" fill="{colour}"/>'
        out += (
            f'<rect x="{x + size * 0.42:.0f}" y="{y}" width="{size * 0.16:.0f}" height="{size}" '
            f'fill="{rng.choice(SHIRTS)}"/>'
        )
    rays = "".join(
        f'<path d="M250 86l{dx}-84h22z" fill="{glow}" opacity=".35"/>' for dx in (-40, 0, 40, 80)
    )
    return rays + out


def talk(rng: random.Random, glow: str, ink: str) -> str:
    """Speech bubbles and a microphone on its arm."""
    bubbles = "".join(
        f'<g transform="translate({x} {y})"><rect width="{width}" height="34" rx="15" '
        f'fill="{colour}" opacity=".92"/>'
        f'<path d="M18 32l-4 14 18-13z" fill="{colour}" opacity=".92"/>'
        + "".join(
            f'<circle cx="{18 + k * 14}" cy="17" r="4" fill="{ink}" opacity=".6"/>'
            for k in range((width - 22) // 14)
        )
        + "</g>"
        for x, y, width, colour in (
            (rng.randrange(8, 34), 24, rng.choice((64, 78)), glow),
            (rng.randrange(214, 232), 18, rng.choice((64, 78)), "#fff"),
            (rng.randrange(200, 224), 82, 92, rng.choice(SHIRTS)),
        )
    )
    return (
        f'{bubbles}<path d="M-4 120l70 14 26-22" fill="none" stroke="{ink}" stroke-width="6"/>'
        f'<rect x="84" y="92" width="18" height="34" rx="9" fill="{ink}" transform="rotate(24 93 '
        '109)"/>'
    )


SCENES: dict[str, Callable[[random.Random, str, str], str]] = {
    scene.__name__: scene
    for scene in (stage, piano, game, kitchen, desk, easel, city, sunrise, boxes, talk)
}

IN_THE_MIDDLE = {"stage", "piano", "talk", "game"}
HEADPHONES = (
    '<path d="M18 28q0-18 14-18t14 18" fill="none" stroke="#2b2d42" stroke-width="3"/>'
    '<path d="M15 25h6v10h-6zM43 25h6v10h-6z" fill="#e4572e"/>'
)
GLASSES = (
    '<g fill="none" stroke="#2b2d42" stroke-width="1.4">'
    '<circle cx="27" cy="28" r="4"/><circle cx="37" cy="28" r="4"/><path d="M31 28h2"/></g>'
)


def person(rng: random.Random) -> str:
    """Head and shoulders in a box of 64 by 64, feet of it at the lower edge."""
    skin, hair, shirt = rng.choice(SKINS), rng.choice(HAIRS), rng.choice(SHIRTS)
    back = rng.choice(
        (
            "",
            f'<path d="M17 24q0-17 15-17t15 17v24H17z" fill="{hair}"/>',
            f'<circle cx="32" cy="8" r="6.5" fill="{hair}"/>',
        )
    )
    fringe = rng.choice(
        (
            "M19 25q-1-15 13-15t13 15q-4-8-13-8t-13 8z",
            "M19 27q-2-18 14-17 12 1 12 15-8 0-13-6-3 6-13 8z",
            "M19 24q0-14 13-14t13 14q-13-5-26 0z",
        )
    )
    extra = rng.choice(("", "", HEADPHONES, GLASSES))
    return (
        f'{back}<path d="M10 64q1-19 22-19t22 19z" fill="{shirt}"/><path d="M27 38h10v9q-5 4-10 '
        f'0z" fill="{skin}"/>'
        f'<ellipse cx="32" cy="28" rx="12.5" ry="14.5" fill="{skin}"/><path d="{fringe}" '
        f'fill="{hair}"/>'
        '<circle cx="27" cy="28" r="1.5" fill="#2b2d42"/><circle cx="37" cy="28" r="1.5" '
        'fill="#2b2d42"/>'
        f'<path d="M28 34.5q4 3.4 8 0" fill="none" stroke="#7a2e3a" stroke-width="1.6" '
        f'stroke-linecap="round"/>{extra}'
    )


def cover(theme: str, number: int) -> str:
    """A 320x180 scene; a theme that is none of SCENES is drawn as "talk"."""
    rng = random.Random(f"{theme} {number}")
    above, below, glow, ink = rng.choice(PALETTES)
    scene = SCENES.get(theme, talk)(rng, glow, ink)
    host = ""
    if theme not in {"city", "sunrise"} or rng.random() < 0.4:
        scale = rng.uniform(1.55, 1.95)
        x = rng.choice((96, 112, 128)) if theme in IN_THE_MIDDLE else rng.choice((40, 62, 84))
        seat = 148 if theme == "piano" else 182
        where = f"translate({x} {seat - 64 * scale:.0f}) scale({scale:.2f})"
        host = f'<g transform="{where}">{person(rng)}</g>'
    drawn = host + scene if theme == "piano" else scene + host
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="320" height="180">'
        f'<defs><linearGradient id="g" x1="0" y1="0" x2="0" y2="1"><stop offset="0" '
        f'stop-color="{above}"/>'
        f'<stop offset="1" stop-color="{below}"/></linearGradient></defs><rect width="320" '
        'height="180" fill="url(#g)"/>'
        f"{drawn}</svg>"
    )


def avatar(number: int) -> str:
    """A 64x64 face on a colour of its own."""
    rng = random.Random(number)
    above, below, _, _ = rng.choice(PALETTES)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f'<rect width="64" height="64" fill="{rng.choice((above, below))}"/>{person(rng)}</svg>'
    )


# --- over HTTP ------------------------------------------------------------------------------------


def add_routes(app: web.Application) -> None:
    app.router.add_get("/covers/{theme:[a-z]+}-{number:\\d{1,9}}.svg", _answer_cover)
    app.router.add_get("/avatars/{number:\\d{1,9}}.svg", _answer_avatar)


async def _answer_cover(request: web.Request) -> web.Response:
    return _svg(cover(request.match_info["theme"], int(request.match_info["number"])))


async def _answer_avatar(request: web.Request) -> web.Response:
    return _svg(avatar(int(request.match_info["number"])))


def _svg(drawn: str) -> web.Response:
    return web.Response(
        text=drawn, content_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"}
    )
