"""Orders as tests give them: the fields of an ActionRequest that matter, and by whom."""

from moderation.actions import orders
from moderation.actions.requests import ActionRequest
from moderation.models import Action


def submit(*, by, **fields) -> Action:
    return orders.submit(ActionRequest(**fields), by=by)


member_act = change_room = submit


def end_stream(*, by, **fields) -> Action:
    return submit(by=by, verb="end", **fields)


def warn_host(*, by, **fields) -> Action:
    return submit(by=by, verb="warn", **fields)


def create_action(*, by, **fields) -> Action:
    """Without the checks of its verb."""
    return orders.create_action(ActionRequest(**fields), by=by)
