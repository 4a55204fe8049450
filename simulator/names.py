"""What hosts and rooms are called: believable in several scripts, and a few that try to break a page."""

import random

GIVEN = (
    "Mika", "Aoi", "Lena", "Jonas", "Priya", "Arjun", "Noor", "Yusuf", "Chloé", "Mateo", "Ingrid", "Tariq",
    "さくら", "はると", "陈晓", "李娜", "王磊", "지우", "민준", "فاطمة", "سامي", "अनन्या", "Дарья", "Олег",
)  # fmt: skip
STYLE = ("", "", "", "_live", " ✨", ".tv", " 🎧", "2026", " official", "ちゃん", " 직캠", "🔥")
TOPICS = (
    "Late night acoustic set", "Ranked climb to Diamond", "Cooking ramen from scratch", "Study with me, 50/10",
    "Painting a storm at sea", "Morning yoga for beginners", "Vinyl and rain", "Speedrun attempts", "Just chatting",
    "Vintage watch auction", "Street food tour, Osaka", "Learning the cello, day 41", "Thrift haul and try-on",
    "歌枠 リクエストOK", "雑談しながら料理", "深夜のゲーム配信", "一起学英语", "广州夜市直播", "唱歌聊天 欢迎进来",
    "노래방 라이브", "게임 랭크 올리기", "قهوة وحديث المساء", "शाम की गपशप", "Готовим борщ вместе", "Piano covers 🎹",
    "Unboxing mystery crates 📦", "Night drive lo-fi 🌃", "Chess blitz vs viewers", "Dance practice 💃",
)  # fmt: skip
HOSTILE = (
    "<script>alert('owned')</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnihton si siht\u202c",
    "zero\u200bwidth\u200d\ufeff name",
    "{{ 7*7 }} {% now 'Y' %} %s %(x)s ${y}",
    "W" * 100,
)
HOSTILE_IDS = (
    "room with spaces / ? # % & \" ' < > + = ~ `48byt",
    "../../etc/passwd",
    "<b>bold</b>",
    "'; DROP TABLE rooms_room; --",
)


def host_name(rng: random.Random) -> str:
    return rng.choice(GIVEN) + rng.choice(STYLE)


def room_name(rng: random.Random, number: int) -> str:
    """A title of at most 100 bytes; every 23rd is hostile."""
    name = HOSTILE[number // 23 % len(HOSTILE)] if number % 23 == 7 else rng.choice(TOPICS)
    return name.encode()[:100].decode(errors="ignore")


def room_id(number: int) -> str:
    """At most 48 bytes of printable ASCII; a few with everything that an address or a page could trip over."""
    if number % 29 == 11 and number // 29 < len(HOSTILE_IDS):
        return HOSTILE_IDS[number // 29][:48]
    return f"live_{100000 + number * 37}"
