"""Text from people: what is compared as the same, what an account may be, and lists of accounts as
people paste them.
"""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rooms import text
from rooms.text import NotAnAccount, account, accounts, fold, fold_words, skeleton

UNSEEN = [
    "\u034f",
    "\U000e0000",
    "\U000e0041",
    "\ufe0f",
    "\u3164",
    "\u115f",
    "\u1160",
    "\uffa0",
    "\u2800",
    "\ufffc",
    "\u200b",
    "\u200d",
    "\u202e",
    "\u2066",
    "\ufeff",
    "\u00ad",
    "\u061c",
    "\u180e",
    "\x00",
    "\x07",
    "\x7f",
    "\x9f",
    "\ud83d",
    "\ufff0",
    "\u17b4",
]
OVERLAYS = ["\u0334", "\u0335", "\u0336", "\u0337", "\u0338"]
LINES = "troll_a\r\ntroll_b\r\ntroll_c\r\n"
EXPORTED = '\ufeff#account,#severity,#comment\r\n"troll_a",suspend,"raid, 28 Nov"\r\n"troll_b",suspend,\r\n'


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_what_cannot_be_seen_does_not_count(unseen):
    assert text.is_invisible(unseen)
    assert fold(f"bad{unseen}word") == fold_words(f"bad{unseen}word") == "badword"


@pytest.mark.parametrize("overlay", OVERLAYS, ids=ascii)
def test_strokes_over_letters_do_not_count_in_rules(overlay):
    assert fold_words("".join(char + overlay for char in "badword")) == "badword"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ärger_1", "ärger_1"),
        ("A\u0308rger", "ärger"),
        ("ÖFFENTLICHE Probe", "o\u0308ffentliche   probe"),
        ("Straße", "STRASSE"),
        ("\u1100\u1161", "가"),
        ("ΣΑΣ", "σας"),
        ("a\u00a0b", "a b"),
    ],
)
def test_search_takes_them_for_the_same(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"), [("ﾎﾟｰｶｰ", "ポーカー"), ("ＦＲＥＥ", "free"), ("①②", "12")]
)
def test_width_counts_in_search_and_not_in_rules(one, other):
    assert fold(one) != fold(other)
    assert fold_words(one) == fold_words(other)


@pytest.mark.parametrize(
    "text",
    ["сοіnѕ", "ᴄᴏɪɴꜱ", "с0ins", "CОINЅ", "c0iɴ$", "ⅽoins", "𝐜𝐨𝐢𝐧𝐬", "c\u0336o\u0336ins"],
    ids=ascii,
)
def test_letters_that_look_alike_have_one_skeleton(text):
    assert skeleton(text) == skeleton("coins")


@given(st.text())
def test_folding_twice_is_folding_once(words):
    for folding in (fold, fold_words, skeleton):
        assert folding(folding(words)) == folding(words)


@given(st.text(), st.integers(0, 20), st.sampled_from(UNSEEN))
def test_an_unseen_character_anywhere_changes_nothing(words, place, unseen):
    plain = text.visible(words)
    assert fold(plain[:place] + unseen + plain[place:]) == fold(plain)
    assert fold_words(plain[:place] + unseen + plain[place:]) == fold_words(plain)


@given(st.text(st.characters(exclude_categories=("Cs",))))
def test_every_form_and_case_of_a_text_folds_alike(words):
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, words)) == fold(words)
    for form in ("NFC", "NFD", "NFKC", "NFKD"):
        assert fold_words(unicodedata.normalize(form, words)) == fold_words(words)
    assert fold(fold(words).casefold()) == fold(words)


@given(st.text())
def test_nothing_unseen_is_left(words):
    for folded in (fold(words), fold_words(words), skeleton(words)):
        assert not any(map(text.is_invisible, folded))
        assert folded == " ".join(folded.split())


# --- Accounts -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pasted",
    [
        "mallory\u200b",
        "\ufeffmallory",
        " mallory\n",
        "\u00a0mallory\u202f",
        "\u2068mallory\u2069",
        "\u202dmallory\u202c",
    ],
)
def test_what_pasting_adds_around_an_account_is_taken_off(pasted):
    assert account(pasted) == "mallory"


def test_an_account_is_composed():
    assert account("A\u0308rger_1") == "Ärger_1"


@pytest.mark.parametrize("unseen", UNSEEN, ids=ascii)
def test_an_account_with_something_unseen_inside_is_refused_with_its_name(unseen):
    with pytest.raises(NotAnAccount, match=f"4.*U\\+{ord(unseen):04X}"):
        account(f"mal{unseen}lory")


@pytest.mark.parametrize(
    "given", ["", " ", "\u200b", "\ufeff\n", "two words", "a\u3000b", "a\tb", "a\nb", "x" * 129]
)
def test_what_is_no_account_is_refused(given):
    with pytest.raises(NotAnAccount):
        account(given)


@given(st.text())
def test_an_account_is_whole_and_visible_or_refused(given):
    try:
        found = account(given)
    except NotAnAccount as no:
        assert no.message
    else:
        assert found == account(found) == unicodedata.normalize("NFC", found)
        assert not any(char.isspace() or text.is_invisible(char) for char in found)


@pytest.mark.parametrize(
    "pasted",
    [
        LINES,
        "troll_a, troll_b,troll_c",
        "troll_a\ttroll_b\ttroll_c",
        "troll_a;troll_b; troll_c",
        "troll_a,troll_b\n\ntroll_c\n",
        "troll_a\u200b\n\ufefftroll_b\r\n troll_c\ntroll_a\n",
        "#account\ntroll_a\ntroll_b\ntroll_c",
        "comment\taccount\nx\ttroll_a\ny, z\ttroll_b\n\ttroll_c",
        '"troll_a"\n"troll_b"\n"troll_c"',
    ],
)
def test_several_accounts_are_read(pasted):
    assert accounts(pasted) == ["troll_a", "troll_b", "troll_c"]


def test_an_exported_list_is_read_by_its_column():
    assert accounts(EXPORTED) == ["troll_a", "troll_b"]


@pytest.mark.parametrize(
    "pasted", ["", " \n,,\n", "#account,#severity\n", "troll_a\ntroll b", "troll_a\ntr\u200boll_b"]
)
def test_a_list_with_nothing_or_nonsense_in_it_is_refused(pasted):
    with pytest.raises(NotAnAccount):
        accounts(pasted)


def test_a_list_is_bounded():
    assert len(accounts("\n".join(f"u_{n}" for n in range(text.MAX_ACCOUNTS)))) == text.MAX_ACCOUNTS
    with pytest.raises(NotAnAccount):
        accounts("\n".join(f"u_{n}" for n in range(text.MAX_ACCOUNTS + 1)))


@given(st.text(st.characters() | st.sampled_from(',;\t\n\r"#\x00')))
def test_any_paste_is_a_list_or_refused_in_words(pasted):
    try:
        found = accounts(pasted)
    except NotAnAccount as no:
        assert no.message
    else:
        assert found == [account(each) for each in found]
        assert len(set(found)) == len(found)
