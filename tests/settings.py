"""The settings of the tests: config.settings in a fixed environment, whatever the developer's own
says.

Kept from outside: DATABASE_URL (`./run test --postgres` sets it). Redis is given by a fixture.
"""

import os
import tempfile

for name in list(os.environ):
    if name.startswith(("LIVE_", "LIVEWARDEN_", "REDIS_")):
        del os.environ[name]
os.environ |= {
    "LIVEWARDEN_MODE": "test",
    "LIVEWARDEN_DATA_DIR": os.path.join(tempfile.gettempdir(), f"livewarden-tests-{os.getuid()}"),
    "LIVE_SDKAPPID": "1400000000",
    "LIVE_SECRET_KEY": "the-secret-key-of-the-tests-and-nothing-else",
    "LIVE_ADMIN": "administrator",
    "LIVE_HOST": "127.0.0.1:1",
    "LIVE_ALLOW_LOOPBACK": "1",
}
os.makedirs(os.path.join(os.environ["LIVEWARDEN_DATA_DIR"], "static"), mode=0o700, exist_ok=True)

from config.settings import *  # noqa: E402, F403

# Real hashing is slow on purpose; tests log in hundreds of times.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A fragment kept by one test must not be shown by the next.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
