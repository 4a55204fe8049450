"""The smoke test's reading of forms: what a browser would send untouched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from launcher.smoke_test.forms import Forms, form_with

PAGE = """
<form action="/search"><input name="q"></form>
<form hx-post="/rooms/1/end">
  <input type="hidden" name="key" value="abc"><input type="submit" name="go" value="x">
  <input type="radio" name="policy" value="1"><input type="radio" name="policy" value="2" checked>
  <input type="radio" name="policy" value="3"><input type="checkbox" name="off" value="1">
  <select name="seconds"><option value=""></option>
    <option value="60">a</option><option value="90">b</option></select>
  <textarea name="note"></textarea>
</form>
"""


def test_it_sends_what_a_browser_would() -> None:
    assert Forms(PAGE).found[0] == ("/search", {"q": ""})
    assert Forms(PAGE).found[1] == (
        "/rooms/1/end",
        {"key": "abc", "policy": "2", "seconds": "60", "note": ""},
    )


def test_it_finds_the_form_by_its_fields() -> None:
    assert form_with(PAGE, "policy", "key")["policy"] == "2"
    with pytest.raises(LookupError, match="account"):
        form_with(PAGE, "account")


@given(st.text())
def test_no_page_of_any_kind_raises(page: str) -> None:
    assert isinstance(Forms(page).found, list)
