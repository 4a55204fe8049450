"""The forms of rules, their switch and dry runs: what people type becomes `Rule.settings`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from moderation.anomalies import kinds
from moderation.automation import matching
from moderation.automation.rulebook import ACTS, FIELDS, OWN, Fields
from moderation.models import Policy, Rule
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
    Rule.Kind.LABEL: ("labels", "score"),
    Rule.Kind.WORDS: ("words", "alike"),
    Rule.Kind.ANOMALY: ("sensitivity",),
}
SENSITIVITIES = (
    (kinds.LOW, _("low: only what is far off")),
    (kinds.USUAL, _("usual")),
    (kinds.HIGH, _("high: also what may be chance")),
)
LABEL_LENGTH = 60


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
    alike = forms.BooleanField(
        required=False,
        label=_("Match look-alike letters"),
        help_text=_(
            "Also finds Latin words written with similar Cyrillic or Greek letters, digits "
            "or signs. May find more than intended."
        ),
    )
    labels = LinesField(longest=LABEL_LENGTH, max_lines=100, label=_("Labels, one per line"))
    score = forms.FloatField(
        min_value=0, max_value=100, label=_("Minimum score"), help_text=_("0 to 100")
    )
    grace = forms.TypedChoiceField(choices=GRACES, coerce=int, label=_("Grace"))
    sensitivity = forms.ChoiceField(
        choices=SENSITIVITIES,
        label=_("Sensitivity"),
        help_text=_("How far a figure must be from what is usual in this room and now."),
    )
    act = forms.ChoiceField(label=_("What it does"))
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
    dry_only = forms.BooleanField(
        required=False,
        label=_("Dry run"),
        help_text=_("The rule finds and counts, and does nothing."),
    )
    is_on = forms.BooleanField(required=False, label=_("On"))
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        kwargs["initial"] = initial_of(rule) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        self.rule = rule
        for name in {"words", "alike", "labels", "score", "grace", "sensitivity"} - set(
            SETTINGS.get(rule.kind, ())
        ):
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
        names = ("words", "labels", "score", "grace", "seconds", "severity", "sensitivity")
        given = self.cleaned_data
        settings = {name: given[name] for name in names if given.get(name) not in (None, "")}
        if given.get("alike"):
            settings["alike"] = True
        return Fields(
            title=given["title"],
            act=given["act"],
            policy=given["policy"],
            settings=settings,
            is_on=given["is_on"],
            dry_only=given["dry_only"],
            daily_cap=given["daily_cap"],
        )


def initial_of(rule: Rule) -> dict[str, object]:
    """What the form of a rule shows at first."""
    known = {name: getattr(rule, name) for name in FIELDS if name not in ("settings", "policy")}
    usual = {
        "severity": 2,
        "seconds": 3600,
        "score": 80,
        "grace": 300,
        "sensitivity": kinds.USUAL,
    }
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
