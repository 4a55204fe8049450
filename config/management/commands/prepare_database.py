"""`prepare_database`: migrates, as the owner where there is one, and admits the application's role
to what it needs.
"""

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from moderation.audit import record_guard


class Command(BaseCommand):
    help = (
        "Migrates. With DATABASE_MIGRATE_URL it does so as that role, and gives the role of "
        "DATABASE_URL what it "
        "needs: nothing that would let it change the record."
    )

    def handle(self, *args: object, **options: object) -> None:
        served = dict(connection.settings_dict)
        if settings.DATABASE_OWNER:
            self.become_owner(served)
        call_command("migrate", interactive=False, verbosity=options["verbosity"])
        if settings.DATABASE_OWNER:
            try:
                record_guard.admit(served["USER"], served["PASSWORD"])
            except ValueError as no:
                raise CommandError(str(no)) from None
            self.stdout.write(
                f"The role {served['USER']} may add to the record, and not change it."
            )

    def become_owner(self, served: dict[str, object]) -> None:
        """From here on this process is the owner.

        Raises CommandError when the two are not of one database.
        """
        owner = settings.DATABASE_OWNER
        if connection.vendor != "postgresql":
            raise CommandError(
                "DATABASE_MIGRATE_URL is for PostgreSQL; DATABASE_URL names another database."
            )
        if any(owner[name] != served[name] for name in ("HOST", "PORT", "NAME")):
            raise CommandError("DATABASE_URL and DATABASE_MIGRATE_URL name different databases.")
        connection.close_pool()  # type: ignore[attr-defined]  # PostgreSQL's has it
        connection.close()
        connection.settings_dict.update({name: owner[name] for name in ("USER", "PASSWORD")})
