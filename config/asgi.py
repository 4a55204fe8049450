"""ASGI: pages through Django, websockets through Channels behind an origin check and the session.

The vendor's webhooks are answered before Django is reached.
"""

import gc
import os
import sys

import django
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.sessions import SessionMiddlewareStack
from django.urls import re_path

from config.checks import refuse_nonsense
from config.serving.daphne_limits import install as bound_daphne
from config.serving.origins import OwnOrigin, close_unknown
from config.serving.request_limits import Bounded, OwnRoot
from config.serving.threads import Lanes, Pages

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# daphne, unlike manage.py, does not run Django's checks.
refuse_nonsense(signs=True)
django.setup(set_prefix=False)
bound_daphne()
pages = Bounded(Lanes(Pages()))

from monitor.realtime.routing import websocket_urlpatterns  # noqa: E402 (models must be loaded first)
from monitor.realtime.transport import KnowsConnection  # noqa: E402
from rooms.infra import database_time, processes  # noqa: E402
from rooms.webhooks.receiver import WebhookEndpoint  # noqa: E402

# Before the first request: what time decides is decided by the database's time.
database_time.start("web", processes.tell)
anything_else = re_path(r"", close_unknown)  # type: ignore[arg-type]  # an ASGI application, as Channels takes
application = OwnRoot(
    ProtocolTypeRouter(
        {
            "http": WebhookEndpoint(pages),
            "websocket": KnowsConnection(
                OwnOrigin(
                    SessionMiddlewareStack(URLRouter([*websocket_urlpatterns, anything_else]))
                )
            ),
        }
    )
)
# All that is loaded by now stays. Left to the collector, a full collection with 1,000 sockets
# stopped the process, and every socket with it, for 200 ms.
gc.collect()
gc.freeze()
# A thread that computes gives the interpreter away this often when another wants it. A click takes
# it a dozen times, after each question to the database; with Python's own 5 ms a single long page
# made each of those a wait.
sys.setswitchinterval(0.001)
