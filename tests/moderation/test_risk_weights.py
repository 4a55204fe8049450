"""The weights of the risk: each version is one act with its reason, and one entry of the record."""

import pytest
from django.urls import reverse

from moderation.attention import weights
from moderation.core.errors import Refused
from moderation.models import AuditEntry, RiskWeights
from moderation.values.risk import CODES, DEFAULTS, MAX_WEIGHT
from tests.support.factories import log_in

OTHER = DEFAULTS | {"words": 99, "people": 0}


def change(by, new=OTHER, version=0, note="words matter more here"):
    return weights.change(by=by, weights=new, version=version, note=note)


@pytest.fixture
def supervisor(people):
    return people["supervisor"]


def test_the_defaults_are_in_force_until_somebody_changes_them(db):
    assert (weights.current().version, weights.current().points) == (0, DEFAULTS)


def test_a_change_is_a_version_and_an_entry_that_says_what_and_why(supervisor):
    change(supervisor)
    assert (weights.current().version, weights.current().points) == (1, OTHER)
    entry = AuditEntry.objects.get()
    assert (entry.actor, entry.verb, entry.note) == (
        "supervisor",
        "edit_risk_weights",
        "words matter more here",
    )
    assert entry.before == {"version": 0, "words": 30, "people": 15}
    assert entry.after == {"version": 1, "words": 99, "people": 0}


def test_the_same_twice_is_one_version(supervisor):
    change(supervisor)
    assert change(supervisor).version == 1
    assert RiskWeights.objects.count() == AuditEntry.objects.count() == 1


def test_what_somebody_has_changed_meanwhile_is_looked_at_again(supervisor, people):
    change(people["supervisor"])
    with pytest.raises(Refused) as refusal:
        change(supervisor, DEFAULTS | {"words": 1}, version=0)
    assert "meanwhile" in refusal.value.message
    assert weights.current().version == 1


def test_two_at_the_same_moment_are_one_change(supervisor, people, monkeypatch):
    change(supervisor)
    seen = RiskWeights(version=0, weights=dict(DEFAULTS))
    really, told = weights.current, [seen]
    monkeypatch.setattr(weights, "current", lambda: told.pop() if told else really())
    assert change(supervisor).version == 1, "one's own form, sent twice"
    told.append(seen)
    with pytest.raises(Refused):
        change(people["banadmin"], DEFAULTS | {"words": 1})
    assert RiskWeights.objects.count() == AuditEntry.objects.count() == 1


@pytest.mark.parametrize("note", ["", " \n"])
def test_a_change_needs_its_reason(supervisor, note):
    with pytest.raises(Refused):
        change(supervisor, note=note)


@pytest.mark.parametrize("points", [-1, MAX_WEIGHT + 1])
def test_weights_have_their_bounds(supervisor, points):
    with pytest.raises(Refused):
        change(supervisor, DEFAULTS | {"words": points})
    assert not RiskWeights.objects.exists()


def form(**fields):
    return {**DEFAULTS, "version": 0, "note": "why"} | fields


def test_the_page_saves_what_the_form_says_and_goes_on_to_it(client, supervisor):
    log_in(client, supervisor)
    answer = client.post(reverse("risk-weights"), form(words=77))
    assert (answer.status_code, answer["Location"]) == (302, "/risk")
    page = client.get("/risk").content.decode()
    assert "alerts about words 30 → 77" in page and "version 1" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"words": "ten"},
        {"words": 201},
        {"words": -1},
        {"note": ""},
        {"version": "x"},
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, supervisor, wrong):
    log_in(client, supervisor)
    answer = client.post(reverse("risk-weights"), form(**wrong))
    assert answer.status_code == 422
    assert "error" in answer.content.decode()
    assert not RiskWeights.objects.exists()


def test_an_older_version_fills_the_form_and_is_saved_as_the_next_one(client, supervisor):
    log_in(client, supervisor)
    change(supervisor)
    change(supervisor, DEFAULTS | {"words": 5}, version=1)

    def shown(address):
        form = client.get(address).context["form"]
        return form["words"].value(), form["version"].value()

    assert shown("/risk") == (5, 2)
    assert shown("/risk?version=1") == (99, 2)
    assert shown("/risk?version=0") == (30, 2)
    assert shown("/risk?version=9") == shown("/risk?version=x'") == (5, 2)
    assert client.post(reverse("risk-weights"), form(version=2)).status_code == 302
    assert (weights.current().version, weights.current().points) == (3, DEFAULTS)


def test_an_auditor_reads_and_cannot_save(client, people):
    log_in(client, people["auditor"])
    page = client.get("/risk").content.decode()
    assert "disabled" in page and "Save" not in page
    assert client.post(reverse("risk-weights"), form(words=77)).status_code == 403


def test_every_weight_is_in_the_form(client, supervisor):
    log_in(client, supervisor)
    page = client.get("/risk").content.decode()
    assert all(f'name="{code}"' in page for code in CODES)
