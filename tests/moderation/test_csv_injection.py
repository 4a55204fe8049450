"""What the table of looks keeps a spreadsheet from running, and how it opens there."""

import pytest

from liveapi.envelope import decode
from moderation.patrol.coverage import disarmed, table
from monitor.pages import video_sources


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "\n=1",
        " =1",
        "\t=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        "\u200b=1",
        "\nname",
    ],
    ids=ascii,
)
def test_what_a_spreadsheet_would_run_gets_a_quote(text):
    assert disarmed(text) == f"'{text}"


@pytest.mark.parametrize("value", ["name", "a=1", 5, "", None])
def test_everything_else_stays(value):
    assert disarmed(value) == value


@pytest.mark.django_db
def test_the_table_begins_with_a_byte_order_mark():
    assert table(1).startswith("\ufeffroom_id")


def test_a_body_with_a_byte_order_mark_is_read():
    assert decode(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


@pytest.mark.parametrize(
    ("room_id", "address"), [("..", ""), (".", ""), ("a/..", "https://v.example/a%2F../i.m3u8")]
)
def test_a_room_id_does_not_lead_out_of_the_folder_of_pictures(room_id, address, settings):
    settings.PICTURE_SOURCE, settings.HLS_URL = "hls", "https://v.example/{room_id}/i.m3u8"
    assert video_sources.address(room_id) == address
