"""`manage.py prune`: forgets what is older than the settings keep, at once."""

from django.core.management.base import BaseCommand

from rooms.retention import prune


class Command(BaseCommand):
    help = (
        "Deletes samples, chat, events and ended broadcasts older than LIVEWARDEN_KEEP_*_DAYS, "
        "in short transactions."
    )

    def handle(self, *arguments: object, **options: object) -> None:
        done = prune()
        self.stdout.write(
            f"{done.samples} samples, {done.chat} lines of chat, {done.events} events, "
            f"{done.others} looks "
            f"and {done.rooms} broadcasts deleted; "
            f"the longest transaction took {done.longest * 1000:.0f} ms."
        )
