"""What the description promises is what invented requests are answered, right ones and wrong
ones.
"""

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as example_settings
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from api import description
from api.urls import api
from moderation.lifecycle import limits

pytestmark = pytest.mark.django_db
OPERATIONS = sorted(
    (method.upper(), path)
    for path, methods in description.of(api)["paths"].items()
    for method in methods
)
# Refused (422) for what no description can say: bytes of UTF-8, times that are over, one of two
# fields.
FURTHER = {("POST", "/api/v1/rooms"), ("POST", "/api/v1/limits")}
PLAIN = {"Accept-Encoding": "identity"}  # the fuzzer does not unpack


@pytest.fixture
def one_connection():
    """What a real request closes at its end is the test's own transaction; Django's test client
    keeps it in this way too.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.usefixtures("one_connection")
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"]
)
@pytest.mark.parametrize(
    ("method", "path"), OPERATIONS, ids=[" ".join(each) for each in OPERATIONS]
)
def test_every_operation_answers_as_described(method, path, mode, backend, room, policy):
    limits.set_limit(by="x", room_id="room-1", policy=policy, seconds=600)
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", WSGIHandler(), headers=backend.headers() | PLAIN
    )

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @example_settings(
        max_examples=10,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    def sent(case):
        excluded = [positive_data_acceptance] if (method, path) in FURTHER else []
        case.call_and_validate(headers=backend.headers() | PLAIN, excluded_checks=excluded)

    sent()
