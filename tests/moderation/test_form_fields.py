"""Help and errors of a field are tied to it by ids that exist."""

import re

from django import forms
from django.template.loader import render_to_string


class OneField(forms.Form):
    account = forms.CharField(help_text="As the vendor spells it.")


def test_every_description_that_a_field_names_is_there():
    drawn = render_to_string("_fields.html", {"form": OneField({"account": ""})})
    named = " ".join(re.findall(r'aria-describedby="([^"]+)"', drawn)).split()
    assert set(named) == {"id_account_helptext", "id_account_error"}
    for name in named:
        assert drawn.count(f'id="{name}"') == 1
