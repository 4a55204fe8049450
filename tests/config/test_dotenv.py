""".env as people save it: read, or refused by the number of the line, and a secret is nowhere
repeated.
"""

import contextlib
import os
import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config import environment
from launcher import dotenv
from launcher.terminal import Stop

CASES = Path(__file__).parent / "cases"
SECRET = "0123456789abcdef0123456789abcdef"
MEANT = {
    "LIVE_SDKAPPID": "1400000000",
    "LIVE_SECRET_KEY": SECRET,
    "LIVE_ADMIN": "administrator",
    "LIVE_HOST": "adminapisgp.im.qcloud.com",
}


@pytest.mark.parametrize("case", sorted(CASES.glob("env_*")), ids=lambda case: case.name)
def test_what_people_save_is_read(case: Path) -> None:
    data = case.read_bytes()

    assert dotenv.parse(data) == MEANT
    if b"\x00" not in data:
        assert dotenv.parse(data.replace(b"\n", b"\r\n")) == MEANT


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("X=a#b", "a#b"),
        ("X=a  # b", "a"),
        ("X=#b", ""),
        ("X='a # b'  # c", "a # b"),
        ('X="a=b"', "a=b"),
        ("export  X = a b ", "a b"),
        ("X=", ""),
        ("X=it's", "it's"),
        ("X=1\nX=2", "2"),
    ],
)
def test_spellings(line: str, value: str) -> None:
    assert dotenv.parse(line.encode()) == {"X": value}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"A=1\nB " + SECRET.encode(), "line 2"),
        (b"A=1\r\n\r\nB='" + SECRET.encode(), "line 3: the quote"),
        (b"A=\xd6\xd0" + SECRET.encode(), "line 1: not in UTF-8"),
        (f"A=\u200b{SECRET}".encode(), "line 1: the value holds"),
        (f"A={SECRET}".encode("utf-16-le"), "not in UTF-8"),
        (b"\xff\xfeA=\x00" + SECRET.encode(), "UTF-16-LE"),
        (b"1A=" + SECRET.encode(), "line 1"),
    ],
)
def test_what_cannot_be_read_is_refused_by_its_line_and_without_the_value(
    data: bytes, words: str
) -> None:
    with pytest.raises(Stop) as refused:
        dotenv.parse(data)

    assert words in str(refused.value)
    assert SECRET not in str(refused.value)


NAMES = st.from_regex(r"\A[A-Z][A-Z0-9_]{0,8}\Z")
VALUES = st.text(string.ascii_letters + string.digits + " =#.:/@", max_size=20).map(str.strip)


@given(st.dictionaries(NAMES, VALUES, max_size=4), st.sampled_from(["'", '"']))
def test_what_stands_in_quotes_stands_for_itself(values: dict[str, str], quote: str) -> None:
    text = "# a comment\n\n" + "".join(
        f"{name} ={quote}{value}{quote}\n" for name, value in values.items()
    )

    assert dotenv.parse(text.encode()) == values


@given(st.binary(max_size=60))
def test_no_file_makes_a_trace(data: bytes) -> None:
    with contextlib.suppress(Stop):
        dotenv.parse(data)


def test_the_settings_read_it_by_the_same_reader_and_end_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(os, "environ", {})
    (tmp_path / ".env").write_bytes((CASES / "env_utf16_powershell").read_bytes())
    assert environment.read(tmp_path).text("LIVE_SECRET_KEY", "") == SECRET

    (tmp_path / ".env").write_text(f"LIVE_SECRET_KEY: {SECRET}\n")
    with pytest.raises(SystemExit, match="line 1") as ended:
        environment.read(tmp_path)
    assert SECRET not in str(ended.value) + caplog.text
