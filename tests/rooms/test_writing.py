"""In which writing a line is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms.writing import WRITINGS, writing_of


@pytest.mark.parametrize(
    ("text", "writing"),
    [
        ("good evening", "latin"),
        ("Ｆｕｌｌ", "latin"),
        ("免费送礼", "han"),
        ("今日は歌枠", "kana"),
        ("ｶﾗｵｹ", "kana"),
        ("안녕하세요 hi", "hangul"),
        ("привет, bro", "cyrillic"),
        ("مساء الخير", "arabic"),
        ("สวัสดี", "thai"),
        ("नमस्ते", "devanagari"),
        ("καλησπέρα", "other"),
        ("666 🎉 !!", "none"),
        ("", "none"),
    ],
)
def test_the_writing_of_most_letters_counts(text, writing):
    assert writing_of(text) == writing


@given(st.text())
def test_every_text_has_a_writing(text):
    assert writing_of(text) in WRITINGS
