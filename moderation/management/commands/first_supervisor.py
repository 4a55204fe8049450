"""`first_supervisor NAME`: the account that makes all others.

Asks for a password, or prints a one-time one once.
"""

import getpass
import secrets
import sys

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from moderation.staff import accounts
from moderation.staff.forms import PersonForm

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is read as something else


def made_password() -> str:
    """20 characters of 31: 99 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


class Command(BaseCommand):
    help = (
        "Makes the first supervisor, who then makes all other accounts. "
        "Refused while there is an active one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--one-time",
            action="store_true",
            help="print a made password once instead of asking for one",
        )

    def handle(self, *args: object, name: str, one_time: bool, **options: object) -> None:
        password = made_password() if one_time else self.asked(name)
        form = PersonForm({"username": name, "role": "supervisor", "password": password})
        if not form.is_valid():
            raise CommandError(
                " ".join(str(line) for lines in form.errors.values() for line in lines)
            )
        try:
            accounts.add_first_supervisor(username=form.cleaned_data["username"], password=password)
        except accounts.AlreadySupervised as there:
            raise CommandError(
                f"There is an active supervisor already: {there}. Who may log in is set on the "
                "page of people."
            ) from None
        except IntegrityError:
            raise CommandError("This name is taken.") from None
        self.stdout.write(
            f"Made the supervisor {name}. The password must be changed at the first log-in."
        )
        if one_time:
            self.stdout.write(f"The password, shown this once: {password}")

    def asked(self, name: str) -> str:
        """What was typed twice, unseen. Raises CommandError in words."""
        if not sys.stdin.isatty():
            raise CommandError(
                "Nobody is there to be asked for a password; --one-time prints a made one."
            )
        password = getpass.getpass("Password: ")
        try:
            validate_password(password, User(username=name))
        except ValidationError as refused:
            raise CommandError(" ".join(refused.messages)) from None
        if getpass.getpass("The same again: ") != password:
            raise CommandError("The two are not the same.")
        return password
