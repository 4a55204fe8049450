"""Rules of before one phase and two scores keep their meaning when an installation is upgraded, and
none acts on one finding by itself.
"""

import json
from pathlib import Path

import pytest

from moderation.automation import frequency
from moderation.models import Rule
from tests.config.running import python

SCRIPT = """
import json
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

def migrated(targets):
    executor = MigrationExecutor(connection)
    targets = targets or executor.loader.graph.leaf_nodes()
    return executor.migrate(targets).apps

old = migrated([("moderation", "0026_kept_stills")])
Rule, Hit = old.get_model("moderation", "Rule"), old.get_model("moderation", "RuleHit")
for slug, is_on, dry_only in (("words-fraud", True, True), ("label-violence", True, False)):
    Rule.objects.filter(slug=slug).update(is_on=is_on, dry_only=dry_only)
Hit.objects.create(rule_id=Rule.objects.first().pk, room_key="r", key="k", outcome="ordered")
migrated(None)
from moderation.models import Rule, RuleHit
print(json.dumps([
    {rule.slug: [rule.phase, rule.settings] for rule in Rule.objects.exclude(kind="anomaly")},
    sorted(set(Rule.objects.filter(kind="anomaly").values_list("phase", flat=True))),
    RuleHit.objects.get().calls_for_act,
]))
"""


def holds(address: str) -> None:
    answer = python(
        "-c",
        SCRIPT,
        seconds=400,
        DJANGO_SETTINGS_MODULE="config.settings",
        LIVEWARDEN_MODE="demo",
        DATABASE_URL=address,
    )
    assert answer.returncode == 0, answer.stderr
    rules, of_figures, counted = json.loads(answer.stdout.splitlines()[-1])
    assert rules == {
        "time-limit": ["on", {}],
        "host-gone": ["off", {"grace": 300}],
        "banned-host": ["on", {}],
        "banned-user": ["on", {}],
        "label-violence": ["on", {"categories": [{"label": "violence", "look": 90, "act": 90}]}],
        "words-fraud": ["shadow", {"words": ["free coins", "gift card"], "places": ["chat"]}],
    }
    assert of_figures == ["on"]
    assert counted is True


def test_rules_on_sqlite_are_upgraded(tmp_path: Path) -> None:
    holds(f"sqlite:///{tmp_path / 'old.sqlite3'}")


def test_rules_on_postgresql_are_upgraded(postgres_server: str) -> None:
    holds(postgres_server)


def test_a_rule_that_never_said_how_many_asks_for_two() -> None:
    assert frequency.needed(Rule(kind="words", act="mute", settings={"words": ["a"]})) == (2, 30)
    assert frequency.needed(Rule(kind="host_gone", act="end")) == (1, 0)


pytestmark = pytest.mark.timeout(600)
