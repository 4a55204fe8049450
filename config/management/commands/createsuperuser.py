"""`createsuperuser` of Django's is refused: its account would have no role, every permission, and
no entry in the record.
"""

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Refused: see first_supervisor."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("anything", nargs="*")

    def handle(self, *args: object, **options: object) -> None:
        raise CommandError(
            "The console has roles and no superusers. The first account: first_supervisor NAME."
        )
