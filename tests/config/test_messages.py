"""The catalogues: everything that is said is translated, into words with the same places for what
is filled in.
"""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext, ngettext

from launcher.development import messages

PLACES = re.compile(r"%\([a-z_]+\)[.0-9]*[a-z]|\{[a-z_]+\}|%%")
TAGS = re.compile(r"</?[a-z]+[^>]*>|&[a-z]+;")
# Names and figures that are the same in every language.
SAME = re.compile(
    r"[\W\d_]*(?:(?:RoomId|Webhooks?|get_room_\w+|SDKAppID|p95|%\([a-z_]+\)[a-z]|\{[a-z_]+\})[\W\d_]*)*"
)


@pytest.fixture(scope="module")
def said():
    return messages.extracted()


@pytest.fixture(scope="module", params=sorted(messages.LANGUAGES))
def catalogue(request):
    return request.param, messages.read(request.param)


def words(catalogue):
    """(singular or only, last form of the original, translation) of every message."""
    for message in catalogue:
        if message.id:
            forms = message.id if isinstance(message.id, tuple) else (message.id,)
            told = message.string if isinstance(message.string, tuple) else (message.string,)
            for text in told:
                yield forms[0], forms[-1], text


def test_everything_that_is_said_is_in_the_catalogue_and_nothing_else(said, catalogue):
    _folder, kept = catalogue
    now, stored = ({message.id for message in one if message.id} for one in (said, kept))
    assert now - stored == set(), "run ./run messages, then translate"
    assert stored - now == set(), "nobody says that any more: run ./run messages"
    assert len(now) > 900


def test_nothing_is_said_under_a_name_that_is_not_looked_for():
    for path in messages.ROOT.glob("[a-z]*/**/*.py"):
        if path.parts[len(messages.ROOT.parts)] in {
            "config",
            "launcher",
            "moderation",
            "monitor",
            "rooms",
        }:
            for name, alias in re.findall(r"\b([np]{0,2}gettext\w*) as (\w+)", path.read_text()):
                assert alias == "_", f"{path}: {name} as {alias}"


def test_everything_is_translated(catalogue):
    folder, kept = catalogue
    assert messages.missing(kept) == []
    assert not [message.id for message in kept if message.fuzzy and message.id]
    same = [
        text for first, _last, text in words(kept) if text == first and not SAME.fullmatch(text)
    ]
    assert same == [], folder


def test_what_is_filled_in_has_its_place_in_every_translation(catalogue):
    _folder, kept = catalogue
    for _first, last, text in words(kept):
        assert sorted(PLACES.findall(text)) == sorted(PLACES.findall(last)), last
        assert sorted(TAGS.findall(text)) == sorted(TAGS.findall(last)), last
        assert text.count(",") >= last.count(",") if last == "yes,no,not reported" else True


def test_a_translation_is_written_in_its_language(catalogue):
    folder, kept = catalogue
    kana = re.compile(r"[ぁ-ヿ]")
    texts = [text for _first, _last, text in words(kept)]
    if folder == "ja":
        assert sum(bool(kana.search(text)) for text in texts) > 700
        return
    assert [text for text in texts if kana.search(text)] == []
    # Each of the two ways of writing has its own old character set, which lacks what only the other
    # one writes.
    foreign = {
        sign
        for sign in "".join(texts)
        if "\u4e00" <= sign <= "\u9fff"
        and not belongs(sign, "gb2312" if folder == "zh_Hans" else "big5")
    }
    assert foreign == set()


def belongs(sign, encoding):
    try:
        return bool(sign.encode(encoding))
    except UnicodeEncodeError:
        return False


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-hant"),
        ("zh-HK,zh;q=0.9", "zh-hant"),
        ("zh-Hant-TW", "zh-hant"),
        ("zh-Hant", "zh-hant"),
        ("zh-MO", "zh-hant"),
        ("zh-CN,zh;q=0.9", "zh-hans"),
        ("zh-SG", "zh-hans"),
        ("zh", "zh-hans"),
        ("ja-JP", "ja"),
        ("fr", "en"),
    ],
)
def test_a_browser_gets_the_writing_of_its_place(rf, asked, answered):
    assert (
        translation.get_language_from_request(rf.get("/", headers={"accept-language": asked}))
        == answered
    )


def test_the_compiled_catalogue_is_the_written_one(catalogue):
    folder, kept = catalogue
    assert messages.place(folder).with_suffix(".mo").read_bytes() == messages.mo(kept)


@pytest.mark.parametrize(
    ("language", "end", "rooms"),
    [
        ("ja", "配信を終了", "3 ルーム"),
        ("zh-hans", "结束直播", "3 个房间"),
        ("zh-hant", "結束直播", "3 個房間"),
    ],
)
def test_the_console_speaks_it(language, end, rooms):
    with translation.override(language):
        assert gettext("End stream") == end
        assert ngettext("%(n)s room", "%(n)s rooms", 3) % {"n": 3} == rooms
