"""`manage.py check_account`: says in plain words whether the vendor's account is set up right."""

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from rooms import account_check


class Command(BaseCommand):
    help = (
        "Asks the vendor a few questions and says what is right, what is wrong and what to change."
    )

    def handle(self, *arguments: object, **options: object) -> None:
        marks = {
            True: self.style.SUCCESS(_("right")),
            False: self.style.ERROR(_("WRONG")),
            None: " " * 5,
        }
        wrong = 0
        for finding in account_check.run():
            wrong += finding.ok is False
            self.stdout.write(f"{marks[finding.ok]}  {finding.text}")
            if finding.advice:
                self.stdout.write(f"       -> {finding.advice}")
        if wrong:
            raise CommandError(_("Something has to be changed before the console can work."))
        self.stdout.write(self.style.SUCCESS(_("The console can work with this account.")))
