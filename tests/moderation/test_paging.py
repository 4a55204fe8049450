"""Pages by key: whatever is lifted, placed or finished while somebody pages, no row is skipped and
none shown twice.
"""

import datetime as dt
import itertools
import re
import uuid

import pytest
from django.http import QueryDict
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from moderation.bans import registry
from moderation.models import AuditEntry, Ban, Hold, PlannedRoom, Policy, Rule, RuleHit
from moderation.web import pagination
from tests.support.factories import log_in

pytestmark = pytest.mark.django_db


def link(html: str, words: str) -> str:
    """The address of a neighbour as the page gives it; "" where there is none."""
    found = re.search(
        rf'<a\s+class="button"\s+rel="\w+"\s+href="([^"]+)"\s*>\s*{words}\s*</a>', html
    )
    return found[1].replace("&amp;", "&") if found else ""


def bans(number: int) -> list[Ban]:
    policy = Policy.objects.first()
    now = timezone.now()
    Ban.objects.bulk_create(
        Ban(account=f"viewer_{at:03}", policy=policy, by_name="x", changed_at=now)
        for at in range(number)
    )
    return list(Ban.objects.all())


def test_who_lifts_the_bans_of_a_page_finds_the_next_ones_on_the_next_page(client, people, service):
    made = bans(120)
    client = log_in(client, people["banadmin"])
    first = client.get("/bans").content.decode()
    for ban in made[:20]:
        registry.lift(by=people["banadmin"], ban=ban, note="a mistake of the morning")
    second = client.get(f"/bans{link(first, 'Next')}").content.decode()
    third = client.get(f"/bans{link(second, 'Next')}").content.decode()
    shown = [
        name
        for html in (first, second, third)
        for name in re.findall(r"<bdi>(viewer_\d+)</bdi>", html)
    ]
    assert sorted(shown) == sorted(ban.account for ban in made)
    assert not link(third, "Next")


def test_back_again_is_what_stood_before_and_filters_stay(client, people):
    bans(120)
    client = log_in(client, people["banadmin"])
    first = client.get("/bans?q=viewer").content.decode()
    second = client.get(f"/bans{link(first, 'Next')}").content.decode()
    third = client.get(f"/bans{link(second, 'Next')}").content.decode()
    assert "q=viewer" in link(third, "Previous")
    back = client.get(f"/bans{link(third, 'Previous')}").context["page"].rows
    assert back == client.get(f"/bans{link(first, 'Next')}").context["page"].rows
    assert not link(client.get(f"/bans{link(second, 'Previous')}").content.decode(), "Previous")


def rows_of(kind: str, policy: Policy, number: int) -> None:
    """Rows of a list; all of the same moment, so that only their numbers tell them apart."""
    now = timezone.now()
    if kind == "/audit":
        AuditEntry.objects.bulk_create(
            AuditEntry(actor="x", verb="end", outcome="done") for _ in range(number)
        )
    elif kind == "/holds":
        Hold.objects.bulk_create(
            Hold(room_id=f"r{at}", until=now + dt.timedelta(hours=1), policy=policy, by_name="x")
            for at in range(number)
        )
    elif kind.startswith("/rooms/new"):
        PlannedRoom.objects.bulk_create(
            PlannedRoom(
                key=uuid.uuid4(),
                room_id=f"r{at}",
                owner_account="x",
                seat_template="x",
                policy=policy,
                by_name="x",
                due_at=now,
                give_up_at=now,
            )
            for at in range(number)
        )
    else:
        rule = Rule.objects.get(slug=kind.split("/")[2])
        RuleHit.objects.bulk_create(
            RuleHit(rule=rule, key=f"k{at}", room_key="r", outcome="alert", evidence={})
            for at in range(number)
        )


def a_rule() -> str:
    return f"/rules/{Rule.objects.order_by('slug').values_list('slug', flat=True)[0]}"


@pytest.mark.parametrize("address", ["/audit", "/holds", "plans", "plans?state=open", "rule"])
def test_every_list_shows_each_row_once(client, people, policy, address):
    from django.urls import reverse

    base = reverse("plans")
    if address == "rule":
        address, kind = a_rule(), a_rule()
    elif address.startswith("plans"):
        address, kind = base + address.removeprefix("plans"), "/rooms/new"
    else:
        kind = address
    rows_of(kind, policy, 120)
    client = log_in(client, people["supervisor"])
    seen: list[int] = []
    while address:
        answer = client.get(address)
        seen += [row.pk for row in answer.context["page"].rows]
        following = link(answer.content.decode(), "Next")
        address = address.partition("?")[0] + following if following else ""
    assert len(seen) == len(set(seen)) >= 120


def test_when_all_of_a_page_is_gone_the_last_one_is_shown():
    made = bans(60)
    following = pagination.page(Ban.objects.all(), QueryDict()).next
    Ban.objects.filter(pk__in=[ban.pk for ban in made[50:]]).delete()
    page = pagination.page(Ban.objects.all(), QueryDict(following))
    assert page.rows == made[:50]
    assert not page.previous and not page.next


@pytest.mark.parametrize(
    "key",
    [
        "x",
        "~",
        "~1",
        "2026-01-01~1",
        "9999-12-31T23:59:59-14:00~1",
        f"2026-01-01T00:00:00Z~{10**40}",
        "2026-01-01T00:00:00Z~1~2",
        "\x00~\x00",
    ],
)
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_nonsense_key_shows_the_first_page(client, people, name, key):
    bans(60)
    answer = log_in(client, people["banadmin"]).get("/bans", {name: key})
    assert answer.status_code == 200
    assert answer.context["page"].rows == list(Ban.objects.all()[:50])


@given(st.text(max_size=40))
def test_whatever_the_key_is_there_is_a_page(key):
    query = QueryDict(mutable=True)
    query["after"] = key
    assert pagination.page(Ban.objects.all(), query).rows == []


@given(st.lists(st.integers(0, 4), min_size=1, max_size=25), st.integers(1, 6))
def test_pages_forth_and_back_hold_every_row_once(minutes, size):
    Ban.objects.all().delete()
    policy, now = Policy.objects.first(), timezone.now()
    for at, minute in enumerate(minutes):
        ban = Ban.objects.create(account=str(at), policy=policy, by_name="x")
        Ban.objects.filter(pk=ban.pk).update(created_at=now - dt.timedelta(minutes=minute))
    pages = [pagination.page(Ban.objects.all(), QueryDict(), size)]
    while pages[-1].next:
        pages.append(pagination.page(Ban.objects.all(), QueryDict(pages[-1].next), size))
    assert [row for page in pages for row in page.rows] == list(Ban.objects.all())
    for before, after in itertools.pairwise(pages):
        assert (
            pagination.page(Ban.objects.all(), QueryDict(after.previous), size).rows == before.rows
        )
