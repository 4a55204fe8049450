"""Which accounts have been seen here."""

import json
from collections.abc import Sequence

from django.db import connection

# Where an account leaves a trace, each with an index that begins with the account.
TRACES = (
    ("rooms_room", "owner_account"),
    ("moderation_action", "account"),
    ("moderation_alert", "account"),
    ("moderation_ban", "account"),
    ("moderation_note", "account"),
    ("rooms_chatline", "account"),
    ("rooms_roomevent", "account"),
)


def known(texts: Sequence[str]) -> list[str]:
    """Those of these texts that are accounts seen here: with a room, an act, an alert, a ban, a
    note, a line of chat or an event; in their order.

    One question that reads an entry of an index for each text and table, however much an account
    has said.
    """
    given: object
    asked = [text for text in texts if text and "\x00" not in text]
    if not asked:
        return []
    if connection.vendor == "postgresql":
        rows, given = "SELECT unnest(%s::text[])", asked
    else:
        rows, given = "SELECT value FROM json_each(%s)", json.dumps(asked)
    traces = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = given.text)"  # noqa: S608 (our own words)
        for table, column in TRACES
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH given(text) AS ({rows}) SELECT text FROM given WHERE {traces}",  # noqa: S608
            [given],
        )
        found = {text for (text,) in cursor.fetchall()}
    return [text for text in asked if text in found]
