"""How many wrong passwords are taken before no more is tried. Asked before a password is hashed.

Three counts within LIVEWARDEN_LOGIN_COOLOFF_HOURS: of an account from one address, of an address
whatever the name (spraying names), of an account whatever the address (a botnet). The last two
never refuse somebody who has logged in with this account from this address before: strangers cannot
lock the team out.
"""

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.helpers import get_client_username, get_failure_limit
from axes.models import AccessAttempt, AccessLog
from django.db.models import Model, QuerySet, Sum
from django.http import HttpRequest

ADDRESS_TIMES = 4  # wrong log-ins of an address, as multiples of LIVEWARDEN_LOGIN_ATTEMPTS
ACCOUNT_TIMES = 10


class Handler(AxesDatabaseHandler):
    def get_failures(
        self, request: HttpRequest, credentials: dict[str, object] | None = None
    ) -> int:
        """Wrong log-ins as django-axes counts them; its limit when one of the wider limits is
        reached.
        """
        failures = int(super().get_failures(request, credentials))
        limit = get_failure_limit(request, credentials)
        if failures >= limit:
            return failures
        username = get_client_username(request, credentials)
        address = request.axes_ip_address  # type: ignore[attr-defined]
        if AccessLog.objects.filter(username=username, ip_address=address).exists():
            return failures
        recent = AccessAttempt.objects.filter(attempt_time__gte=get_cool_off_threshold(request))
        if _sum(recent.filter(ip_address=address)) >= limit * ADDRESS_TIMES:
            return limit
        if _sum(recent.filter(username=username)) >= limit * ACCOUNT_TIMES:
            return limit
        return failures


def _sum(attempts: QuerySet[Model]) -> int:
    return int(attempts.aggregate(all=Sum("failures_since_start"))["all"] or 0)
