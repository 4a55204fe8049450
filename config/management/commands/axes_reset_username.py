"""`axes_reset_username` of axes, with its entry in the record: who had tried too often may try
again.
"""

from typing import Any

from axes.management.commands import axes_reset_username
from django.db import transaction

from moderation.staff.auth_events import record_unlocking


class Command(axes_reset_username.Command):
    @transaction.atomic
    def handle(self, *args: object, **options: Any) -> None:
        super().handle(*args, **options)
        record_unlocking(
            "axes_reset_username", ips=options.get("ip", ()), names=options.get("username", ())
        )
