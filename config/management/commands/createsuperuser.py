"""`createsuperuser` of Django's is refused: its account would have no role, every permission, and
no entry in the record.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Refused: see first_supervisor."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("anything", nargs="*")

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "The console has roles and no superusers. The first account: first_supervisor NAME."
        )
