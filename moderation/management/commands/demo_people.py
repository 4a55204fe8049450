"""`demo_people --password P`: one account a role, for trying out. Makes only what is missing."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from moderation.roles import ROLES, make_person


class Command(BaseCommand):
    help = "Makes the accounts moderator, banadmin, supervisor and auditor with one password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--password", required=True)

    def handle(self, *args: Any, password: str, **options: Any) -> None:
        if len(password) < 10:
            raise CommandError("The password needs 10 characters or more.")
        for role in ROLES:
            if not get_user_model().objects.filter(username=role).exists():
                make_person(role, role, password)
                self.stdout.write(f"made {role}")
