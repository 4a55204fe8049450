"""Pictures of the demo platform: a cover a room and a face an account, drawn as small SVG, recognisable by number."""

import random


def cover(number: int) -> str:
    """A 320x180 picture: two hues, soft shapes, a horizon; the same for the same number."""
    rng = random.Random(number * 7919 + 13)
    hue = rng.randrange(360)
    second = (hue + rng.choice((35, 60, 150, 200))) % 360
    shapes = "".join(
        f'<circle cx="{rng.randrange(320)}" cy="{rng.randrange(180)}" r="{rng.randrange(18, 90)}" '
        f'fill="hsl({(hue + rng.randrange(-30, 60)) % 360} 80% {rng.randrange(45, 75)}%)" '
        f'opacity="{rng.uniform(0.12, 0.45):.2f}"/>'
        for _ in range(rng.randrange(4, 8))
    )
    ridge = " ".join(f"{x},{180 - rng.randrange(15, 75)}" for x in range(0, 321, 40))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 320 180" width="320" height="180">'
        f'<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="hsl({hue} 65% 42%)"/>'
        f'<stop offset="1" stop-color="hsl({second} 70% 16%)"/></linearGradient></defs>'
        f'<rect width="320" height="180" fill="url(#g)"/>{shapes}'
        f'<polygon points="0,180 {ridge} 320,180" fill="hsl({second} 45% 9%)" opacity=".55"/></svg>'
    )


def avatar(number: int) -> str:
    """A 64x64 face: a head and shoulders on a colour of its own."""
    hue = number * 47 % 360
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64">'
        f'<rect width="64" height="64" fill="hsl({hue} 45% 30%)"/>'
        f'<circle cx="32" cy="25" r="12" fill="hsl({(hue + 25) % 360} 60% 78%)"/>'
        f'<ellipse cx="32" cy="60" rx="22" ry="20" fill="hsl({(hue + 190) % 360} 50% 55%)"/></svg>'
    )
