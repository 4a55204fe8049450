"""Rules as people set them: forms, versions, the switch, and the record of it."""

import re

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from moderation.automation import engine, matching, rulebook, words
from moderation.automation.forms import CategoriesField, LinesField, RuleForm
from moderation.core import rule_switch
from moderation.core.errors import Refused
from moderation.models import AuditEntry, Policy, Rule, RuleHit, RuleSwitch
from rooms.models import ChatLine
from rooms.text import fold_words as fold
from tests.support.factories import log_in, make_room

pytestmark = pytest.mark.django_db
WORDS = {
    "kind": "words",
    "title": "Gambling",
    "words": "casino\r\nCASINO\r\n  poker \r\n\r\n扑克",
    "places": ["chat"],
    "act": "mute",
    "findings": "3",
    "within": "20",
    "seconds": "600",
    "severity": "3",
    "policy": "illegal",
    "daily_cap": "50",
    "phase": "off",
    "version": "1",
}


@pytest.fixture
def supervisor(client, people):
    return log_in(client, people["supervisor"])


def test_a_rule_is_made_off_and_recorded(supervisor):
    answer = supervisor.post("/rules/new", WORDS)
    assert answer.status_code == 302
    assert answer["Location"] == "/rules/words-gambling"
    rule = Rule.objects.get(slug="words-gambling")
    assert rule.settings == {
        "words": ["casino", "poker", "扑克"],
        "places": ["chat"],
        "findings": 3,
        "within": 20,
        "seconds": 600,
        "severity": 3,
    }
    assert (rule.phase, rule.act, rule.daily_cap, rule.policy.code) == (
        "off",
        "mute",
        50,
        "illegal",
    )
    entry = AuditEntry.objects.get(verb="make_rule")
    assert entry.after["rule"] == "words-gambling"


def test_the_same_form_sent_twice_is_one_rule_and_another_of_its_name_is_refused(supervisor):
    assert supervisor.post("/rules/new", WORDS).status_code == 302
    assert supervisor.post("/rules/new", WORDS).status_code == 302
    assert supervisor.post("/rules/new", WORDS | {"words": "dice"}).status_code == 409
    assert Rule.objects.filter(kind="words").count() == 2  # the shipped one is the other


def test_a_name_without_latin_letters_makes_an_address_too(supervisor):
    supervisor.post("/rules/new", WORDS | {"title": "賭博"})
    rule = Rule.objects.get(title="賭博")
    assert supervisor.get(reverse("rule", args=[rule.slug])).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": ""},
        {"words": " \n\u200b\n"},
        {"words": "x" * 101},
        {"words": "\n".join(map(str, range(501)))},
        {"act": "dance"},
        {"act": ""},
        {"severity": "4"},
        {"daily_cap": "-1"},
        {"daily_cap": "9999999"},
        {"policy": "none"},
        {"title": ""},
        {"version": ""},
        {"kind": "time_limit"},
        {"seconds": "-1"},
        {"places": []},
        {"places": ["chat", "cover_url"]},
        {"findings": "0"},
        {"findings": "21"},
        {"within": "3601"},
        {"phase": "sometimes"},
    ],
)
def test_nonsense_is_refused_in_words(wrong, supervisor):
    before = Rule.objects.count()
    answer = supervisor.post("/rules/new", WORDS | wrong)
    assert answer.status_code == 422 or "kind" in wrong
    assert Rule.objects.count() == before + (
        "kind" in wrong
    )  # a kind that people cannot make counts as words


def test_other_kinds_cannot_be_made(people):
    with pytest.raises(Refused):
        rulebook.make(by=people["supervisor"], kind="host_gone", title="x")


def test_letters_that_look_alike_are_an_option_of_a_words_rule(supervisor):
    supervisor.post("/rules/new", WORDS | {"alike": "on"})
    rule = Rule.objects.get(slug="words-gambling")
    assert rule.settings["alike"] is True
    assert RuleForm(rule=rule)["alike"].value() is True
    room = make_room("room-1")
    said = [ChatLine(room=room, at_ms=1, message_id="1", account="a", text="саsіnо")]
    assert [word for _line, word in words.spoken(rule, said)] == ["casino"]
    assert change(supervisor, rule.slug, alike=False).status_code == 302
    rule.refresh_from_db()
    assert "alike" not in rule.settings
    assert list(words.spoken(rule, said)) == []


def test_a_new_rule_has_no_reason_until_one_is_chosen(supervisor):
    page = supervisor.get("/rules/new").content.decode()
    chosen = re.search(r'<select name="policy".*?<option value="([^"]*)"', page, re.DOTALL)
    assert chosen is not None
    assert chosen[1] == ""
    assert supervisor.post("/rules/new", WORDS | {"policy": ""}).status_code == 422


def change(client, slug: str, **fields):
    rule = Rule.objects.get(slug=slug)
    form = RuleForm(rule=rule)
    shown = {name: form[name].value() for name in form.fields}
    for number, row in enumerate(shown.pop("categories", ())):
        shown |= {f"categories-{number}-{part}": value for part, value in row.items()}
    given = {name: value for name, value in (shown | fields).items() if value not in (None, False)}
    return client.post(reverse("rule-change", args=[slug]), given)


def test_a_change_is_recorded_with_what_was_before_and_only_that(supervisor):
    assert change(supervisor, "host-gone", grace="600", phase="on").status_code == 302
    rule = engine.rule("host-gone")
    assert (rule.phase, rule.settings["grace"], rule.version, rule.changed_by_name) == (
        "on",
        600,
        2,
        "supervisor",
    )
    entry = AuditEntry.objects.get(verb="edit_rule")
    assert set(entry.before) == {"rule", "phase", "settings"}
    assert entry.before["settings"] == {"grace": 300}
    assert entry.after["phase"] == "on"


def test_saving_what_is_there_already_changes_nothing(supervisor):
    change(supervisor, "host-gone")
    version = engine.rule("host-gone").version
    change(supervisor, "host-gone")
    assert engine.rule("host-gone").version == version


def test_two_who_change_the_same_rule_do_not_overwrite_each_other(supervisor):
    assert change(supervisor, "words-fraud", phase="on").status_code == 302
    assert change(supervisor, "words-fraud", version="1", daily_cap="5").status_code == 409
    assert engine.rule("words-fraud").daily_cap == 1000


def test_a_rule_may_do_only_what_its_kind_may(supervisor):
    assert change(supervisor, "time-limit", act="mute").status_code == 422
    assert change(supervisor, "banned-user", act="alert").status_code == 302


def test_the_switch_turns_all_off_and_on_again_with_a_reason_and_its_record(supervisor):
    assert supervisor.post("/rules/switch", {"off": "1", "note": " "}).status_code == 422
    assert supervisor.post("/rules/switch", {"off": "7", "note": "x"}).status_code == 422
    assert not rule_switch.all_off()
    for _time in range(2):
        assert (
            supervisor.post("/rules/switch", {"off": "1", "note": "false alarms"}).status_code
            == 302
        )
    assert rule_switch.all_off()
    page = supervisor.get("/rules").content.decode()
    assert "All rules are off" in page
    assert "a banned host may open rooms" in page
    assert "false alarms" in page
    supervisor.post("/rules/switch", {"off": "0", "note": "mended"})
    assert not rule_switch.all_off()
    record = AuditEntry.objects.filter(verb__startswith="rules_").order_by("pk")
    assert list(record.values_list("verb", "note")) == [
        ("rules_off", "false alarms"),
        ("rules_on", "mended"),
    ]


def test_the_switch_works_where_its_row_was_lost(supervisor):
    RuleSwitch.objects.all().delete()
    supervisor.post("/rules/switch", {"off": "1", "note": "stop"})
    assert rule_switch.all_off()


def test_before_it_is_thrown_the_page_says_that_the_switch_stops_bans_too(supervisor):
    assert (
        "also stops the enforcement of platform bans" in supervisor.get("/rules").content.decode()
    )
    assert (
        "This rule enforces the platform bans"
        in supervisor.get("/rules/banned-user").content.decode()
    )


def test_a_rules_page_shows_what_it_found(supervisor, room):
    rule = engine.rule("words-fraud")
    RuleHit.objects.create(
        rule=rule,
        room=room,
        room_key="r",
        account="seller",
        key="k",
        outcome="capped",
        evidence={"words": "“<b>free coins</b>”"},
        words="The cap is reached.",
    )
    page = supervisor.get("/rules/words-fraud").content.decode()
    assert "“&lt;b&gt;free coins" in page
    assert "The cap is reached." in page
    assert "seller" in page


def test_who_may_only_look_gets_a_form_that_cannot_be_sent(client, people):
    page = log_in(client, people["auditor"]).get("/rules/words-fraud").content.decode()
    assert 'fieldset class="plain" disabled' in page
    assert "Save" not in page


@given(st.text(max_size=400))
def test_whatever_is_typed_becomes_lines_that_can_be_found_or_is_refused(text):
    from django.core.exceptions import ValidationError

    try:
        lines = LinesField(longest=20, max_lines=10).clean(text)
    except ValidationError:
        return
    assert 0 < len(lines) <= 10
    assert len({fold(line) for line in lines}) == len(lines)
    assert all(fold(line) and len(line) <= 20 for line in lines)


def test_every_kind_has_acts_and_every_act_a_rule_may_take_can_be_ordered():
    assert set(rulebook.ACTS) == set(Rule.Kind.values)
    assert {act for acts in rulebook.ACTS.values() for act in acts} <= set(Rule.Act.values)
    assert Policy.objects.exists()


# --- Labels and their scores ----------------------------------------------------------------------


def rows(*told: tuple[str, str, str]) -> dict[str, str]:
    """A table of categories as a browser sends it, with its empty rows."""
    parts = ("label", "look", "act")
    return {
        f"categories-{number}-{part}": value
        for number, row in enumerate([*told, ("", "", "")])
        for part, value in zip(parts, row, strict=True)
    }


LABEL = {
    "kind": "label",
    "title": "Nudity",
    "act": "quarantine",
    "severity": "3",
    "policy": "illegal",
    "daily_cap": "50",
    "phase": "shadow",
    "version": "1",
}


def test_a_label_rule_is_made_with_two_scores_a_category(supervisor):
    told = rows(("nudity", "60", "92.5"), (" minor  seen ", "30", "30"))
    assert supervisor.post("/rules/new", LABEL | told).status_code == 302
    rule = Rule.objects.get(slug="label-nudity")
    assert (rule.phase, rule.settings) == (
        "shadow",
        {
            "categories": [
                {"label": "nudity", "look": 60.0, "act": 92.5},
                {"label": "minor seen", "look": 30.0, "act": 30.0},
            ],
            "findings": 2,
            "within": 30,
            "severity": 3,
        },
    )
    page = supervisor.get("/rules/label-nudity").content.decode()
    assert 'value="92.5"' in page
    assert change(supervisor, "label-nudity").status_code == 302
    kept = engine.rule("label-nudity").settings
    assert kept["categories"] == rule.settings["categories"]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ([], "at least one label"),
        ([("", "60", "90")], "Name the label"),
        ([("blood", "91", "90")], "is above"),
        ([("blood", "", "90")], "blood: give both scores"),
        ([("blood", "-1", "90")], "give both scores"),
        ([("blood", "1", "101")], "give both scores"),
        ([("blood", "nan", "nan")], "give both scores"),
        ([("blood", "x", "90")], "give both scores"),
        ([("blood", "1", "2"), ("BLOOD", "1", "2")], "named twice"),
        ([("b" * 61, "1", "2")], "at most 60"),
        ([(f"l{n}", "1", "2") for n in range(51)], "At most 50"),
    ],
)
def test_scores_that_make_no_sense_are_refused_in_words(told, words, supervisor):
    answer = supervisor.post("/rules/new", LABEL | rows(*told))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Rule.objects.filter(slug="label-nudity").exists()


@given(
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=4), st.text(max_size=4)), max_size=4)
)
def test_whatever_is_typed_as_scores_is_a_table_or_is_refused(told):
    from django.core.exceptions import ValidationError

    field = CategoriesField()
    typed = field.widget.value_from_datadict(rows(*told), {}, "categories")
    try:
        found = field.clean(typed)
    except ValidationError:
        return
    assert found
    for row in found:
        assert 0 <= row["look"] <= row["act"] <= 100
    kept = matching.categories_of({"categories": found})
    assert [category.label for category in kept] == [row["label"] for row in found]


@given(st.floats(0, 100), st.floats(0, 100), st.floats(0, 100))
def test_a_score_calls_for_a_look_then_for_the_act(score, one, other):
    look, act = sorted((one, other))
    category = matching.Category("blood", look, act)
    level = matching.level_of([category], "Blood", score)
    assert (level == "act") == (score >= act)
    assert bool(level) == (score >= look)
