"""What all tests share."""

import os

from hypothesis import settings

pytest_plugins = ["tests.fixtures_valkey"]

# A busy machine is no failure: examples have no time limit of their own. In CI the same examples every
# time, so that a red run means the change and not the dice; developers' machines look further.
settings.register_profile("livewarden", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "livewarden")
