"""What log lines leave out."""

import logging
import sys

from django.core.exceptions import DisallowedHost

from config.logs import OneLine


def test_a_bad_host_header_is_one_short_line() -> None:
    try:
        raise DisallowedHost("evil")
    except DisallowedHost:
        info = sys.exc_info()
    record = logging.LogRecord(
        "django.security.DisallowedHost", 40, "", 0, "Invalid HTTP_HOST header: %s", ("x\n" * 900,), info
    )
    assert OneLine().filter(record)
    line = logging.Formatter().format(record)
    assert len(line) <= 300
    assert "\n" not in line
