"""`changepassword NAME` of Django's, with its entry in the record."""

import getpass

from django.contrib.auth.management.commands import changepassword
from django.db import transaction

from moderation.audit import audit_log


class Command(changepassword.Command):
    @transaction.atomic
    def handle(self, *args: object, **options: object) -> str | None:
        done = super().handle(*args, **options)  # raises CommandError when nothing was changed
        name = options["username"] or getpass.getuser()  # as Django's own
        audit_log.record(
            by="system:changepassword",
            verb="change_person",
            outcome="done",
            account=name,
            after={"new_password": True},
        )
        return done
