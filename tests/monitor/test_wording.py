"""What pages say of the vendor, the collector and the guard of the audit log."""

import pytest

from monitor.health import wording

UNKNOWN = ("not known", "warn")


def health(**told):
    return {"known": True, "ok": True, "collecting": True} | told


@pytest.mark.parametrize(
    ("told", "vendor", "collector"),
    [
        ({}, ("answering", ""), ("collecting", "")),
        ({"ok": False}, ("not answering", "warn"), ("collecting", "")),
        ({"collecting": False}, ("answering", ""), ("silent", "warn")),
        ({"known": False}, UNKNOWN, UNKNOWN),
    ],
)
def test_the_vendor_and_the_collector(told, vendor, collector):
    shown = wording.vendor(health(**told)), wording.collector(health(**told))

    assert [(one.text, one.tone) for one in shown] == [vendor, collector]


@pytest.mark.parametrize(
    ("may_change", "database", "tone"),
    [(False, "postgresql", ""), (True, "postgresql", "warn"), (True, "sqlite", "muted")],
)
def test_the_guard_of_the_record(may_change, database, tone):
    assert wording.record_guard(may_change=may_change, database=database).tone == tone
