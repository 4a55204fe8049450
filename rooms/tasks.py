"""The chores of facts, as Celery runs them."""

from celery import shared_task

from rooms import retention


@shared_task(name="rooms.tasks.prune")
def prune() -> None:
    """Forgets what is older than the settings keep."""
    retention.prune()
