"""What load balancers and the launcher ask: does the process live, and can it serve."""

import logging
import shutil
import tempfile
from collections.abc import Callable

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from moderation.audit import record_guard
from rooms.infra import database_time

logger = logging.getLogger(__name__)
PATIENCE_SECONDS = 1.0
MIN_FREE_BYTES = 20_000_000


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers at all; touches nothing else."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Whether pages and acts work here: 200, else 503.

    Redis is told and not asked for: without it both go on.
    """
    database = database_answers()
    needed = {
        "database": database,
        "disk": disk_takes(),
        "clock": database and clock_agrees(),
        "record": record_is_kept(),
    }
    answers = needed | {"redis": redis_answers()}
    return JsonResponse(answers, status=200 if all(needed.values()) else 503)


ADDRESSES: dict[str, Callable[[HttpRequest], HttpResponse]] = {
    "/healthz": healthz,
    "/readyz": readyz,
}


def whoever_asks(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, before any that reads Host: probes ask by address, and nothing in the answer
    depends on it.
    """

    def answer(request: HttpRequest) -> HttpResponse:
        return ADDRESSES.get(request.path_info, get_response)(request)

    return answer


def disk_takes() -> bool:
    """Whether something can be written where the data is, and space is left."""
    try:
        with tempfile.TemporaryFile(dir=settings.DATA_DIR) as file:
            file.write(b"x" * 4096)
            file.flush()
        return shutil.disk_usage(settings.DATA_DIR).free >= MIN_FREE_BYTES
    except OSError as error:
        logger.warning("readyz: the data folder takes nothing: %s", type(error).__name__)
        return False


def clock_agrees() -> bool:
    """Whether this machine's clock is the database's, roughly: else the vendor refuses what is
    signed here.
    """
    try:
        database_time.measure()
    except Exception as error:  # any driver's error
        logger.warning("readyz: the database tells no time: %s", type(error).__name__)
        return False
    return database_time.agrees()


def database_answers() -> bool:
    """Whether the database answers a query. Waiting for PostgreSQL ends after 2 s (settings)."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    except Exception as error:  # any driver's error, or the pool's
        logger.warning("readyz: the database does not answer: %s", type(error).__name__)
        return False


def record_is_kept() -> bool:
    """Whether the record's triggers are there: without them what is done here could be denied
    afterwards.
    """
    try:
        return record_guard.triggers_stand()
    except (
        Exception
    ) as error:  # any driver's error; that the database does not answer is said beside
        logger.warning("readyz: the record's triggers cannot be read: %s", type(error).__name__)
        return False


def redis_answers() -> bool:
    """Whether Redis answers within a second."""
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL,
            socket_timeout=PATIENCE_SECONDS,
            socket_connect_timeout=PATIENCE_SECONDS,
        ) as client:
            return bool(client.ping())
    except (redis.RedisError, OSError) as error:
        logger.warning("readyz: Redis does not answer: %s", type(error).__name__)
        return False
