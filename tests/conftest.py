"""What all tests share."""

from hypothesis import settings

pytest_plugins = ["tests.fixtures_valkey"]

# A busy machine is no failure: examples have no time limit of their own.
settings.register_profile("livewarden", deadline=None)
settings.load_profile("livewarden")
