"""The forms of rules, their switch and dry runs: what people type becomes `Rule.settings`."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from moderation.anomalies import kinds
from moderation.automation import frequency, matching
from moderation.automation.rulebook import ACTS, FIELDS, OWN, Fields
from moderation.models import Policy, Rule
from moderation.values.evidence import ACT, CHAT, LOOK
from moderation.web.forms import LENGTHS
from rooms.text import fold_words

GRACES = (
    (60, _("1 minute")),
    (120, _("2 minutes")),
    (300, _("5 minutes")),
    (600, _("10 minutes")),
    (1800, _("30 minutes")),
)
SEVERITIES = ((3, _("urgent")), (2, _("soon")), (1, _("when there is time")))
HOURS = (
    (1, _("hour")),
    (6, _("6 hours")),
    (24, _("24 hours")),
    (72, _("3 days")),
    (168, _("7 days")),
)
# Which settings a rule of a kind has, apart from those that follow from its act.
SETTINGS: dict[str, tuple[str, ...]] = {
    Rule.Kind.HOST_GONE: ("grace",),
    Rule.Kind.LABEL: ("categories", "findings", "within"),
    Rule.Kind.WORDS: ("words", "places", "alike", "findings", "within"),
    Rule.Kind.ANOMALY: ("sensitivity",),
}
SENSITIVITIES = (
    (kinds.LOW, _("low: only what is far off")),
    (kinds.USUAL, _("usual")),
    (kinds.HIGH, _("high: also what may be chance")),
)
PLACES = (
    (CHAT, _("chat")),
    ("name", _("room name")),
    ("notice", _("notice")),
    ("owner_name", _("host name")),
)
PHASES = (
    (Rule.Phase.OFF, _("Off")),
    (Rule.Phase.SHADOW, _("Shadow: it logs what it would do, and does nothing")),
    (Rule.Phase.ON, _("On")),
)
LABEL_LENGTH, MAX_CATEGORIES = 60, 50
BLANK_ROWS = 3  # of a table of categories, for new ones


class LinesField(forms.CharField):
    """Some texts, one a line, as a list without repetitions."""

    def __init__(self, *, longest: int, max_lines: int, **options: Any) -> None:
        self.longest, self.max_lines = longest, max_lines
        super().__init__(
            widget=forms.Textarea(attrs={"rows": 6}),
            max_length=max_lines * (longest + 2),
            **options,
        )

    def prepare_value(self, value: object) -> object:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def clean(self, value: object) -> list[str]:
        unique: dict[str, str] = {}
        for line in str(super().clean(value)).splitlines():
            if folded := fold_words(line):
                unique.setdefault(folded, line.strip())
        lines = list(unique.values())
        if not lines:
            raise ValidationError(_("Write at least one, one per line."))
        if len(lines) > self.max_lines:
            raise ValidationError(_("At most %(most)s lines.") % {"most": self.max_lines})
        if too_long := next((line for line in lines if len(line) > self.longest), None):
            values = {"most": self.longest, "line": too_long}
            raise ValidationError(_("Too long, at most %(most)s characters: %(line)s") % values)
        return lines


def described(attrs: Mapping[str, object]) -> dict[str, object]:
    """What a template needs of a widget's attributes."""
    return {"id": attrs.get("id"), "described_by": attrs.get("aria-describedby")}


class CategoriesWidget(forms.Widget):
    """A table of labels, each with its two scores, and empty rows for more."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[dict[str, str]]:
        """The rows as they were typed: `name`-0-label, `name`-0-look, and so on."""
        rows = []
        for number in range(MAX_CATEGORIES + BLANK_ROWS + 1):
            if (label := data.get(f"{name}-{number}-label")) is None:
                break
            scores = {part: str(data.get(f"{name}-{number}-{part}", "")) for part in (LOOK, ACT)}
            rows.append({"label": str(label), **scores})
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-0-label" not in data

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        return f"{id_}-0-label" if id_ else ""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = [row for row in value or () if any(str(part).strip() for part in row.values())]
        blank = [{"label": "", LOOK: "", ACT: ""}] * min(BLANK_ROWS, MAX_CATEGORIES - len(given))
        context = {"name": name, "rows": [*given, *blank], **described(attrs or {})}
        return mark_safe(render_to_string("moderation/_categories.html", context))  # noqa: S308


class CategoriesField(forms.Field):
    """Labels with their thresholds: [{"label", "look", "act"}], look at most act."""

    widget = CategoriesWidget

    def clean(self, value: Any) -> list[dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for row in value or ():
            label = " ".join(row["label"].replace("\x00", "").split())
            if not fold_words(label):
                if row[LOOK].strip() or row[ACT].strip():
                    raise ValidationError(_("Name the label of each score."))
                continue
            if len(label) > LABEL_LENGTH:
                values = {"most": LABEL_LENGTH, "line": label}
                raise ValidationError(_("Too long, at most %(most)s characters: %(line)s") % values)
            if fold_words(label) in found:
                raise ValidationError(_("This label is named twice: %(label)s") % {"label": label})
            look, act = self.score(label, row[LOOK]), self.score(label, row[ACT])
            if look > act:
                words = _("%(label)s: the score for a look is above the one for the action.")
                raise ValidationError(words % {"label": label})
            found[fold_words(label)] = {"label": label, LOOK: look, ACT: act}
        if not found:
            raise ValidationError(_("Name at least one label with its scores."))
        if len(found) > MAX_CATEGORIES:
            raise ValidationError(_("At most %(most)s lines.") % {"most": MAX_CATEGORIES})
        return list(found.values())

    def score(self, label: str, typed: str) -> float:
        """A score of 0 to 100. Raises ValidationError that names its label."""
        try:
            value = float(typed.strip())
        except ValueError:
            value = -1.0
        if not 0 <= value <= 100:  # also what is no number
            words = _("%(label)s: give both scores, numbers from 0 to 100.")
            raise ValidationError(words % {"label": label})
        return value


class RuleForm(forms.Form):
    """A rule of one kind.

    `settings` has what belongs into Rule.settings; `version` is the one the person saw.
    """

    title = forms.CharField(max_length=100, label=_("Title"))
    words = LinesField(
        longest=matching.LONGEST,
        max_lines=matching.MAX_WORDS,
        label=_("Words and phrases, one per line"),
        help_text=_(
            "Ignores case and character width. Matches whole words; in scripts without "
            "spaces it matches anywhere."
        ),
    )
    places = forms.MultipleChoiceField(
        choices=PLACES, widget=forms.CheckboxSelectMultiple, label=_("Where it looks")
    )
    alike = forms.BooleanField(
        required=False,
        label=_("Match look-alike letters"),
        help_text=_(
            "Also finds Latin words written with similar Cyrillic or Greek letters, digits "
            "or signs. May find more than intended."
        ),
    )
    categories = CategoriesField(
        label=_("Labels and scores"),
        help_text=_(
            "Scores are 0 to 100. From the first on a person is asked to look, from the second "
            "on the rule acts."
        ),
    )
    grace = forms.TypedChoiceField(choices=GRACES, coerce=int, label=_("Grace"))
    sensitivity = forms.ChoiceField(
        choices=SENSITIVITIES,
        label=_("Sensitivity"),
        help_text=_("How far a figure must be from what is usual in this room and now."),
    )
    act = forms.ChoiceField(label=_("What it does"))
    findings = forms.IntegerField(
        min_value=1,
        max_value=frequency.MAX_FINDINGS,
        required=False,
        label=_("Findings before the action"),
        help_text=_("So many about one account in one room. Until then it raises an alert."),
    )
    within = forms.IntegerField(
        min_value=1,
        max_value=frequency.MAX_SECONDS,
        required=False,
        label=_("Within so many seconds"),
    )
    seconds = forms.TypedChoiceField(
        choices=LENGTHS,
        coerce=int,
        required=False,
        label=_("For"),
        help_text=_("How long a mute or a room ban lasts."),
    )
    severity = forms.TypedChoiceField(
        choices=SEVERITIES, coerce=int, label=_("Urgency of its alerts")
    )
    policy = forms.ModelChoiceField(
        Policy.objects.all(), to_field_name="code", empty_label=None, label=_("Reason")
    )
    daily_cap = forms.IntegerField(
        min_value=0,
        max_value=1_000_000,
        label=_("Maximum actions in 24 hours"),
        help_text=_("Anything above this number becomes an alert for people."),
    )
    phase = forms.ChoiceField(choices=PHASES, initial=Rule.Phase.OFF, label=_("Phase"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        kwargs["initial"] = initial_of(rule) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.rule = rule
        own = SETTINGS.get(rule.kind, ())
        for name in {name for names in SETTINGS.values() for name in names}.difference(own):
            del self.fields[name]
        if not rule.policy_id:  # the first of all reasons is nobody's choice
            policy = self.fields["policy"]
            assert isinstance(policy, forms.ModelChoiceField)
            policy.empty_label = str(_("Choose a reason."))
        acts = ACTS[rule.kind]
        names = dict(Rule.Act.choices)
        act = self.fields["act"]
        assert isinstance(act, forms.ChoiceField)
        act.choices = [(act, names[act]) for act in acts]
        if rule.kind == Rule.Kind.WORDS:
            act.help_text = _(
                "Any action stronger than an alert relies on a line of chat that nobody can verify."
            )
        if not {Rule.Act.MUTE, Rule.Act.ROOM_BAN} & set(acts) or rule.kind == Rule.Kind.BANNED_USER:
            del self.fields["seconds"]  # a ban has a length of its own

    @property
    def as_fields(self) -> Fields:
        """The cleaned form as fields of a Rule."""
        names = ("words", "places", "categories", "grace", "seconds", "severity", "sensitivity")
        given = self.cleaned_data
        settings = {name: given[name] for name in names if given.get(name) not in (None, "")}
        if given.get("alike"):
            settings["alike"] = True
        if "findings" in given and given["act"] != Rule.Act.ALERT:
            settings["findings"] = given["findings"] or frequency.USUAL
            settings["within"] = given["within"] or frequency.USUAL_SECONDS
        return Fields(
            title=given["title"],
            act=given["act"],
            policy=given["policy"],
            settings=settings,
            phase=given["phase"],
            daily_cap=given["daily_cap"],
        )


def initial_of(rule: Rule) -> dict[str, object]:
    """What the form of a rule shows at first."""
    known = {name: getattr(rule, name) for name in FIELDS if name not in ("settings", "policy")}
    usual = {"severity": 2, "seconds": 3600, "grace": 300, "places": [CHAT]}
    usual |= {"findings": frequency.USUAL, "within": frequency.USUAL_SECONDS}
    usual |= {"sensitivity": kinds.USUAL}
    policy = rule.policy.code if rule.policy_id else None
    return {**usual, **known, **rule.settings, "policy": policy, "version": rule.version}


class KindForm(forms.Form):
    """Of which kind a new rule is."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in OWN], required=False)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Rule.Kind.WORDS


class SwitchForm(forms.Form):
    """All rules off, or on again."""

    off = forms.TypedChoiceField(choices=((1, ""), (0, "")), coerce=int, widget=forms.HiddenInput)
    note = forms.CharField(max_length=2000, label=_("Why"))


class DryRunForm(forms.Form):
    """How far a dry run looks back."""

    hours = forms.TypedChoiceField(choices=HOURS, coerce=int, initial=24, label=_("Over the last"))
