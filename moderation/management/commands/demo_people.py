"""`demo_people --password P`: one account a role, for trying out.

Only beside the simulated platform.
"""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.staff import accounts

REFUSAL = (
    "Demo people are for the simulated platform only: four known names with one password. "
    "The first account of a real installation: ./run manage first_supervisor NAME"
)


class Command(BaseCommand):
    help = "Makes the accounts moderator, banadmin, supervisor and auditor with one password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", required=True)

    def handle(self, *args: object, password: str, **options: object) -> None:
        if settings.MODE == "production" or (
            settings.LIVE_SECRET_KEY and not settings.LIVE_ALLOW_LOOPBACK
        ):
            raise CommandError(REFUSAL)
        if len(password) < 10:
            raise CommandError("The password needs 10 characters or more.")
        for name in accounts.open_demo(password):
            self.stdout.write(f"made {name}")
