"""Wrong passwords are limited for an account, for an address and for names that are sprayed, and
the team still gets in.
"""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from moderation.models import AuditEntry
from moderation.staff import auth_events, throttling
from tests.support.factories import PASSWORD

pytestmark = pytest.mark.django_db


def enter(name, password=PASSWORD, address="192.0.2.1"):
    answer = Client(REMOTE_ADDR=address).post("/login", {"username": name, "password": password})
    return answer.status_code


def test_sprayed_names_lock_the_address_before_anything_is_hashed(people, monkeypatch):
    for number in range(5 * throttling.ADDRESS_TIMES):
        enter(f"name-{number}", "wrong")
    monkeypatch.setattr(User, "check_password", lambda *_: pytest.fail("hashed"))
    assert enter("moderator") == 429
    monkeypatch.undo()
    assert enter("moderator", address="192.0.2.2") == 302


def test_addresses_of_one_ipv6_network_are_one(people):
    for number in range(5):
        enter("moderator", "wrong", f"2001:db8::{number + 1}")
    assert enter("moderator", address="2001:db8::99") == 429


def test_a_widely_attacked_account_is_locked_except_for_its_known_addresses(
    people,
):
    assert enter("moderator", address="198.51.100.7") == 302
    for number in range(5 * throttling.ACCOUNT_TIMES):
        enter("moderator", "wrong", f"203.0.113.{number + 1}")
    assert enter("moderator", address="203.0.113.200") == 429
    assert enter("moderator", address="198.51.100.7") == 302
    assert enter("auditor", address="203.0.113.200") == 302


def test_a_name_that_is_nobodys_stays_out_of_the_record(people, caplog):
    for _ in range(7):
        enter("correct horse battery", "moderator")
    told = str(list(AuditEntry.objects.values()))
    assert "correct horse" not in told + caplog.text
    assert AuditEntry.objects.filter(verb="log_in", outcome="refused", account="").exists()


def test_what_is_over_is_forgotten(people):
    enter("moderator")
    enter("auditor", "wrong")
    auth_events.forget()
    assert (Session.objects.count(), AccessAttempt.objects.count(), AccessLog.objects.count()) == (
        1,
        1,
        1,
    )
    old = timezone.now() - timedelta(days=31)
    Session.objects.update(expire_date=old)
    AccessAttempt.objects.update(attempt_time=old)
    AccessLog.objects.update(attempt_time=old)
    auth_events.forget()
    assert (Session.objects.count(), AccessAttempt.objects.count(), AccessLog.objects.count()) == (
        0,
        0,
        0,
    )
