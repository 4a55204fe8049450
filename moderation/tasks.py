"""Celery's entries. Each calls one function, nothing more; `core.broker` sends them by name."""

from celery import shared_task

from moderation.automation import engine, verification
from moderation.bans import registry
from moderation.pictures import kept
from moderation.provisioning import executor as provisioning_executor
from moderation.provisioning import publish_on_start as provisioning_publish_on_start
from moderation.staff import auth_events, tokens
from moderation.worker import anomaly_watch, executor, periodic, recovery


@shared_task(name="moderation.tasks.execute")
def execute(*action_ids: int) -> None:
    executor.execute(*action_ids)


@shared_task(name="moderation.tasks.verify")
def verify(action_id: int) -> None:
    executor.verify(action_id)


@shared_task(name="moderation.tasks.check_hit")
def check_hit(hit_id: int) -> None:
    verification.check(hit_id)


@shared_task(name="moderation.tasks.spread_ban")
def spread_ban(ban_id: int) -> None:
    registry.enforce_everywhere(ban_id)


@shared_task(name="moderation.tasks.create_room")
def create_room(plan_id: int) -> None:
    provisioning_executor.create(plan_id)


@shared_task(name="moderation.tasks.publish_on_start")
def publish_on_start(plan_id: int) -> None:
    provisioning_publish_on_start.publish(plan_id)


@shared_task(name="moderation.tasks.sweep")
def sweep() -> None:
    recovery.sweep()


@shared_task(name="moderation.tasks.expire_bans")
def expire_bans() -> None:
    recovery.expire_bans()


@shared_task(name="moderation.tasks.keep_system_history")
def keep_system_history() -> None:
    recovery.keep_system_history()


@shared_task(name="moderation.tasks.watch_over")
def watch_over() -> None:
    periodic.run_periodic_checks()


@shared_task(name="moderation.tasks.watch_hosts")
def watch_hosts() -> None:
    periodic.watch_hosts()


@shared_task(name="moderation.tasks.watch_figures")
def watch_figures() -> None:
    anomaly_watch.watch()


@shared_task(name="moderation.tasks.forget_requests")
def forget_requests() -> None:
    tokens.forget_requests()
    auth_events.forget()


@shared_task(name="moderation.tasks.forget_hits")
def forget_hits() -> None:
    engine.forget()


@shared_task(name="moderation.tasks.keep_stills")
def keep_stills() -> None:
    kept.keep_ended()
