"""`manage.py prune`: forgets what is older than the settings keep, at once."""

from typing import Any

from django.core.management.base import BaseCommand

from rooms.pruning import prune


class Command(BaseCommand):
    help = "Deletes samples and ended broadcasts older than LIVEWARDEN_KEEP_*_DAYS, in short transactions."

    def handle(self, *arguments: Any, **options: Any) -> None:
        done = prune()
        self.stdout.write(
            f"{done.samples} samples and {done.rooms} broadcasts deleted; the longest transaction took "
            f"{done.longest * 1000:.0f} ms."
        )
