"""What people and rooms are called: believable in many scripts, and a few that try to break a
page.
"""

import random
from functools import lru_cache

GIVEN = (
    "Mika",
    "Aoi",
    "Lena",
    "Jonas",
    "Priya",
    "Arjun",
    "Noor",
    "Yusuf",
    "Chloé",
    "Mateo",
    "Ingrid",
    "Tariq",
    "Ezra",
    "Wanjiru",
    "Sofía",
    "Łukasz",
    "Zoë",
    "Kaito",
    "Amara",
    "Benoît",
    "Freya",
    "Thảo",
    "Ngọc",
    "Željko",
    "Anaïs",
    "さくら",
    "はると",
    "ひなた",
    "リョウ",
    "美咲",
    "陈晓",
    "李娜",
    "王磊",
    "小鱼儿",
    "阿杰",
    "林夕",
    "지우",
    "민준",
    "서연",
    "하늘",
    "فاطمة",
    "سامي",
    "ليلى",
    "عمر",
    "अनन्या",
    "रोहन",
    "काव्या",
    "Дарья",
    "Олег",
    "Зоя",
    "Ελένη",
    "สมชาย",
    "תמר",
)
STYLE = (
    "",
    "",
    "",
    "",
    " ✨",
    "_live",
    ".tv",
    " 🎧",
    "_99",
    " official",
    "🔥",
    " 🐱",
    "xo",
    " | music",
    " 🌙",
    "HD",
    "🇧🇷",
)
HANDLE = (
    "moon",
    "pixel",
    "velvet",
    "tiny",
    "neon",
    "salty",
    "lucky",
    "cloud",
    "ghost",
    "maple",
    "sunny",
    "turbo",
)
CREATURE = (
    "fox",
    "otter",
    "panda",
    "wolf",
    "koi",
    "lynx",
    "raven",
    "mochi",
    "yak",
    "gecko",
    "crab",
    "owl",
)
# What a host usually shows: the theme of the cover, and what the broadcasts are called.
THEMES = {
    "stage": (
        "Late night acoustic set 🎸",
        "歌枠🎤 リクエストOK",
        "노래방 라이브 🎶 신청곡 받아요",
        "Charla y música en vivo 🎶",
        "ร้องเพลงสบายๆ ยามดึก",
        "唱歌聊天 欢迎进来坐坐~",
        "Dance practice 💃 EN/KR",
        "Loop pedal jam, no plan",
        "K-pop cover night",
        "Stand-up tryouts: five new minutes",
        "طرب أصيل مباشر",
        "Песни под гитару",
        "ग़ज़लों की महफ़िल",
        "Fado da meia-noite",
    ),
    "piano": (
        "Piano requests 🎹 drop your song",
        "Learning the cello, day 41",
        "弾き語り 癒しの時間🌙",
        "Aula de violão ao vivo",
        "शाम की गपशप और गाने",
        "Bach before breakfast",
        "即兴钢琴 点歌开始",
        "Jazz standards, slow tempo",
        "피아노로 듣는 드라마 OST",
        "Ukulele for absolute beginners",
    ),
    "game": (
        "Ranked climb: Gold to Diamond, no sleep",
        "Any% speedrun attempts, PB or bed",
        "深夜のゲーム配信【初見歓迎】",
        "랭크 올리기 오늘은 마스터",
        "Kids asleep, mum plays horror",
        "Chess blitz vs viewers",
        "تحديات وجوائز الليلة",
        "Building a castle block by block",
        "Partidas con subs, hoy sí ganamos",
        "Хардкор без смертей, попытка 212",
        "五排上分 来个辅助",
        "Farming sim and a cup of tea",
        "レトロゲーム縛りプレイ",
        "Đấu hạng cùng anh em",
    ),
    "kitchen": (
        "Ramen from scratch, 18-hour broth",
        "雑談しながら晩ごはん作る",
        "देसी रसोई: दाल मखनी",
        "Готовим борщ вместе",
        "助农直播：今天卖橙子🍊",
        "Sourdough rescue clinic",
        "Tacos al pastor en casa 🌮",
        "부산 할머니 김치 담그기",
        "كبسة على أصولها",
        "Knife skills: onions, no tears",
        "Pão de queijo ao vivo",
        "ตำส้มตำแซ่บๆ",
    ),
    "desk": (
        "Study with me 📚 50/10 pomodoro",
        "朝活 一緒に勉強しよう",
        "一起学英语，每天30分钟",
        "Fixing bugs until it compiles",
        "스터디윗미 6시간",
        "Thesis writing, silent room",
        "Математика за час до экзамена",
        "Calligraphy: one line a minute",
    ),
    "easel": (
        "Painting a storm at sea (oils)",
        "手作陶艺 拉坯日常",
        "Rebuilding a 1978 Vespa",
        "Sketching your pets 🐶",
        "似顔絵リクエスト受付中",
        "Knitting a jumper, sleeve two",
        "Restaurando una silla vieja",
        "Miniature painting: dragons",
    ),
    "city": (
        "Night drive lo-fi 🌃",
        "广州夜市直播 走走吃吃",
        "Street food tour, Osaka after dark",
        "Cuộc sống Sài Gòn về đêm",
        "Ζωντανά από τη Θεσσαλονίκη",
        "Vinyl & rain",
        "Last train home, Berlin",
        "جولة في القاهرة القديمة",
        "Rooftop city sounds",
        "Прогулка по ночному Тбилиси",
        "渋谷 夜散歩",
    ),
    "sunrise": (
        "Morning yoga for stiff backs",
        "Tarot for the week ahead",
        "Slow morning by the lake",
        "Bird song, no talking",
        "早安 山里的日出",
        "Breathing and stretching 🧘",
        "Fishing at first light",
        "ध्यान और शांति",
        "아침 산책 같이 해요",
    ),
    "boxes": (
        "Mystery crates unboxing 📦📦",
        "Sneaker restock LIVE 👟",
        "Thrift haul + try-on",
        "Vintage watch auction - no reserve",
        "今晚秒杀 全场九块九",
        "Card packs: hunting the holo ✨",
        "Remate de libros usados",
        "フリマ配信 値下げします",
        "تخفيضات نهاية الأسبوع",
    ),
    "talk": (
        "Just chatting, new mic day",
        "새벽 수다방 같이 놀아요",
        "قهوة وحديث المساء ☕",
        "Ночной эфир без фильтров",
        "Ask a night-shift nurse",
        "深夜树洞 说说心里话",
        "Language exchange EN/ES/JP",
        "Desahogo de los lunes",
        "गाँव की बातें",
        "שיחות לילה",
        "おはなししよ☕",
        "Bad movie club: tonight's pick",
    ),
}
HOSTILE_TITLES = (
    "<script>alert('owned')</script>",
    '"><img src=x onerror=alert(1)>',
    "\u202egnihton si siht\u202c <- read that again",
    "zero\u200bwidth\u200d\ufeff name",
    "{{ 7*7 }} {% now 'Y' %} %s %(x)s ${y}",
    "W" * 100,
    "長" * 33,
    "Z̷͎͠a̸͖͐l̵̰̍g̴̜̈́o̶̥͝ c̵̱̈́o̶̰͛m̷̹̈́e̴̘͊s̸̺͘",
    "   ",
    "👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦👩‍👩‍👧‍👦",
    "line\u2028separator\u0007bell",
)
HOSTILE_NICKS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "\u202etsoh",
    "</td></tr></table>",
    "N" * 100,
    "javascript:alert(3)",
    "\u200b",
    "admin' OR 1=1 --",
)
# Printable ASCII, at most 48 bytes: what an address, a page or a shell could trip over.
HOSTILE_IDS = (
    "room with spaces / ? # % & \" ' < > + = ~48 bytes",
    "../../etc/passwd",
    "<b>bold</b>",
    "'; DROP TABLE rooms_room; --",
    "100%25 & more?x=1#top",
    "a;b,c:d@e!f$g(h)*i|j\\k^l{m}[n]",
)
MAX_BYTES = 100
MAX_ID_BYTES = 48


def cut(text: str, max_bytes: int = MAX_BYTES) -> str:
    """The text in at most so many bytes of UTF-8, whole characters only."""
    return text.encode()[:max_bytes].decode(errors="ignore")


@lru_cache(maxsize=20_000)
def host_nick(seed: int, host: int) -> str:
    """A host's name, always the same; every 37th is hostile."""
    if host % 37 == 9:
        return HOSTILE_NICKS[host // 37 % len(HOSTILE_NICKS)]
    rng = random.Random(f"host {seed} {host}")
    return rng.choice(GIVEN) + rng.choice(STYLE)


@lru_cache(maxsize=20_000)
def viewer_nick(seed: int, viewer: int) -> str:
    """A viewer's name, always the same; every 211th is hostile."""
    if viewer % 211 == 13:
        return HOSTILE_NICKS[viewer // 211 % len(HOSTILE_NICKS)]
    rng = random.Random(f"viewer {seed} {viewer}")
    if rng.random() < 0.5:
        return rng.choice(GIVEN) + rng.choice(("", "", "🌸", " 2", "_x", "~", "77"))
    handle, sign = rng.choice(HANDLE), rng.choice(("", "_", "."))
    return f"{handle}{sign}{rng.choice(CREATURE)}{rng.choice(('', str(rng.randint(1, 999))))}"


def theme(seed: int, host: int) -> str:
    """What this host's broadcasts are about."""
    return random.Random(f"theme {seed} {host}").choice(tuple(THEMES))


def title(rng: random.Random, host: int, about: str) -> str:
    """A room's name of at most 100 bytes; every 23rd host's are hostile."""
    if host % 23 == 7:
        return cut(HOSTILE_TITLES[host // 23 % len(HOSTILE_TITLES)])
    return cut(rng.choice(THEMES[about]))


def room_id(host: int, broadcast: int) -> str:
    """At most 48 bytes of printable ASCII.

    Half of the hosts always open the same id, the others a new one.
    """
    if host % 29 == 11 and host // 29 < len(HOSTILE_IDS):
        return HOSTILE_IDS[host // 29][:MAX_ID_BYTES]
    return f"live_host_{1000 + host}" if host % 2 else f"live_{host:04d}{broadcast:05d}"
