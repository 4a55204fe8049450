"""Saved views keep the sort that they were saved with."""

import importlib

import pytest
from django.apps import apps
from django.contrib.auth.models import User

from monitor.listing.filters import Filters
from monitor.models import SavedView

migration = importlib.import_module("monitor.migrations.0004_views_keep_their_sort")
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "sort=online"),
        ("q=a+b%26&state=ended", "sort=online&q=a+b%26&state=ended"),
        ("sort=reward", "sort=reward"),
        ("pin=r1&pin=r2&tour=1", "sort=online&pin=r1&pin=r2&tour=1"),
        ("q=" + "a" * 1995, "q=" + "a" * 1995),
    ],
)
def test_a_view_without_a_sort_was_one_by_people_online(before, after):
    owner = User.objects.create_user("wren")
    view = SavedView.objects.create(owner=owner, name="mine", page="wall", query=before)
    migration.name_the_sort(apps, None)
    view.refresh_from_db()
    assert view.query == after


def test_the_default_is_no_part_of_an_address():
    assert Filters().query() == ""
    assert Filters(sort="online").query() == "sort=online"
