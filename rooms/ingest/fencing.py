"""The fencing number in the database: whose facts are taken.

Each new leader raises it, and an older one is refused.
"""

from django.db import transaction

from rooms.infra import database_time
from rooms.models import CollectorLease


class Fenced(Exception):
    """A newer leader writes facts: whoever gets this must stop at once."""


def raise_fence(holder: str) -> int:
    """The next fencing number; from now on every smaller one is refused."""
    with transaction.atomic():
        CollectorLease.objects.get_or_create(pk=1)
        row = CollectorLease.objects.select_for_update().get(pk=1)
        row.fence += 1
        row.holder = holder[:100]
        row.taken_at = database_time.now()
        row.save()
    return row.fence


def check_fence(fence: int) -> None:
    """Inside the transaction that writes facts. Raises Fenced when a newer leader has been here.

    The row stays locked until the transaction ends, so that no leader can come in between.
    """
    newest = (
        CollectorLease.objects.select_for_update()
        .filter(pk=1)
        .values_list("fence", flat=True)
        .first()
    )
    if newest is not None and newest > fence:
        raise Fenced(f"leader {newest} writes now, this was {fence}")
