"""The reason codes: changing one, with its entry in the record."""

from django.contrib.auth.models import User
from django.db import transaction

from moderation.audit import audit_log
from moderation.models import Policy


@transaction.atomic
def change(*, by: User, policy: Policy, **fields: object) -> Policy:
    """Changes its words, key, holds or whether it is offered.

    Nothing is recorded when nothing differs.
    """
    now = Policy.objects.select_for_update().get(pk=policy.pk)
    changed = {name: value for name, value in fields.items() if getattr(now, name) != value}
    if not changed:
        return now
    before = {name: getattr(now, name) for name in changed}
    for name, value in changed.items():
        setattr(now, name, value)
    now.save(update_fields=list(changed))
    audit_log.record(
        by=by, verb="edit_policy", outcome="done", reason=now.code, before=before, after=changed
    )
    return now
