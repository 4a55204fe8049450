"""Words in chat: case, width, word boundaries, and scripts without them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.automation.matching import LONGEST_TEXT, first_of
from rooms.text import fold_words as fold


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("coins", "Free COINS here"),
        ("coins", "coins"),
        ("coins", "(coins)!"),
        ("coins", "coins,coins"),
        ("free coins", "FREE   Coins for all"),
        ("free coins", "ｆｒｅｅ　ｃｏｉｎｓ"),
        ("Straße", "in der STRASSE"),
        ("coins", "co\u200bins for you"),
        ("ßcoin", "SSCOIN"),
        ("扑克", "来玩扑克牌吧"),
        ("ポーカー", "オンラインﾎﾟｰｶｰ大会"),
        ("카지노", "카지노에서 만나요"),
        ("การพนัน", "เว็บการพนันออนไลน์"),
        ("казино", "Онлайн-КАЗИНО!"),
        ("vip群", "加vip群吗"),
        ("c++", "learn c++ now"),
        ("①②", "12"),
        ("é", "caf\u0065 e\u0301 x"),
        ("18", "only 18+"),
        ("pp", "ppp pp"),
        ("日本abc", "来日本ABC。"),
    ],
)
def test_it_is_found(word, text):
    assert first_of([word], text) == word


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("coin", "coins"),
        ("coin", "bitcoin"),
        ("ass", "class"),
        ("free coins", "freecoins"),
        ("free coins", "free, coins"),
        ("cafe", "café"),
        ("казино", "казиношный"),
        ("a", ""),
        ("", "anything"),
        (" \u200b ", "anything"),
        ("18", "2018"),
        ("snake", "snake_case"),
        ("日本abc", "日本abcd"),
    ],
)
def test_it_is_not_found(word, text):
    assert first_of([word], text) is None


def test_the_first_word_of_the_rule_that_is_there_is_told_as_the_rule_has_it():
    assert first_of(["Never", "Gift Card", "coins"], "coins for a GIFT CARD") == "Gift Card"


UNSEEN = [
    "\u034f",
    "\U000e0000",
    "\ufe0f",
    "\u3164",
    "\u115f",
    "\u2800",
    "\ufffc",
    "\x01",
    "\x7f",
    "\u200b",
]


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_a_word_with_unseen_characters_in_it_is_found(unseen):
    assert first_of(["badword"], f"a bad{unseen}word here") == "badword"
    assert first_of(["badword"], unseen.join("badword")) == "badword"


@pytest.mark.parametrize("overlay", ["\u0334", "\u0335", "\u0336", "\u0337", "\u0338"], ids=ascii)
def test_a_word_that_is_struck_through_is_found(overlay):
    assert first_of(["badword"], "".join(char + overlay for char in "BADWORD")) == "badword"


@pytest.mark.parametrize("blank", ["\u2800", "\u3164", "\uffa0", "\u115f"], ids=ascii)
def test_a_blank_that_is_no_space_is_read_as_one_too(blank):
    assert first_of(["free coins"], f"free{blank}coins") == "free coins"
    assert first_of(["coins"], f"free{blank}coins") == "coins"


@pytest.mark.parametrize("said", ["сoіns", "СОІNS", "ᴄᴏɪɴꜱ", "c0ins", "coin$"], ids=ascii)
def test_letters_that_look_alike_are_found_only_where_the_rule_asks_for_it(said):
    assert first_of(["coins"], said) is None
    assert first_of(["coins"], f"get {said} now", alike=True) == "coins"


def test_a_word_in_another_script_is_found_alike_or_not():
    for alike in (False, True):
        assert first_of(["казино"], "Онлайн-КАЗИНО!", alike=alike) == "казино"


WORDS = st.text(st.characters(categories=("Lu", "Ll", "Lo", "Nd")), min_size=1, max_size=12).filter(
    fold
)


@given(WORDS, st.text(), st.text())
def test_a_word_with_spaces_around_it_is_found_whatever_stands_about(word, before, after):
    text = f"{before[:1000]} . {word} . {after}"
    assert first_of([word], text) == word


@given(
    st.from_regex(r"[a-z]{1,12}", fullmatch=True),
    st.sampled_from("abcxyz_0129é\u0301я"),
    st.booleans(),
)
def test_the_inside_of_a_longer_word_is_not_found(word, joined, in_front):
    text = joined + word if in_front else word + joined
    assert first_of([word], text) is None or word in fold(text).split(joined)


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(), max_size=5), st.text())
def test_case_does_not_count_and_nothing_raises(words, text):
    found = first_of(words, text)
    assert found is None or found in words
    assert (
        first_of(words, unicodedata.normalize("NFKC", text.casefold()).casefold()) is not None
        or found is None
    )


def test_of_an_endless_line_only_the_beginning_is_looked_at():
    assert first_of(["coins"], "x " * LONGEST_TEXT + "coins") is None


def test_unseen_characters_do_not_push_a_word_out_of_sight():
    assert first_of(["coins"], "\u034f" * LONGEST_TEXT + "coins") == "coins"
