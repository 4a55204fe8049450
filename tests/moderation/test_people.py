"""People, roles, log-ins and reason codes."""

import json

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from moderation.core.roles import RoleBackend, code_name, make_person
from moderation.models import AuditEntry, Policy, StaffProfile
from moderation.staff import accounts as staff
from tests.support.factories import PASSWORD, log_in

pytestmark = pytest.mark.django_db
NEW = "another-password-for-tests"


def enter(client, name="moderator", password=PASSWORD):
    return client.post("/login", {"username": name, "password": password})


def is_in(client):
    return client.get("/").status_code == 200


def entries(verb):
    return list(
        AuditEntry.objects.filter(verb=verb)
        .order_by("pk")
        .values_list("actor", "outcome", "account")
    )


def test_log_ins_log_outs_and_refusals_enter_the_record_without_the_password(client, people):
    enter(client, password="wrong-and-secret")
    enter(client)
    client.post("/logout")
    assert entries("log_in") == [
        ("system:log-in", "refused", "moderator"),
        ("moderator", "done", ""),
    ]
    assert entries("log_out") == [("moderator", "done", "")]
    assert "wrong-and-secret" not in json.dumps(list(AuditEntry.objects.values()), default=str)


def test_after_five_wrong_passwords_the_right_one_is_refused_and_recorded(client, people):
    for _ in range(5):
        enter(client, password="wrong")
    assert enter(client).status_code == 429
    assert not is_in(client)
    assert ("system:log-in", "locked out", "moderator") in entries("log_in")
    assert enter(Client(), "auditor").status_code == 302  # others still get in


def test_a_new_password_of_ones_own_ends_all_other_sessions_and_is_recorded(client, people):
    other = Client()
    enter(client)
    enter(other)
    client.post("/password", {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW})
    assert is_in(client)
    assert not is_in(other)
    assert entries("change_password") == [("moderator", "done", "moderator")]
    assert NEW not in json.dumps(list(AuditEntry.objects.values()), default=str)


@pytest.mark.parametrize("fields", [{"is_active": "on", "password": NEW}, {"password": ""}])
def test_a_password_reset_by_the_supervisor_or_a_loss_of_access_ends_the_sessions(
    fields, client, people
):
    theirs = Client()
    enter(theirs)
    person = people["moderator"]
    log_in(client, people["supervisor"]).post(
        f"/people/{person.pk}", {"role": "moderator"} | fields
    )
    assert not is_in(theirs)
    entry = AuditEntry.objects.get(verb="change_person")
    assert entry.before == {"role": "moderator", "is_active": True}
    assert entry.after["is_active"] == ("is_active" in fields)


def test_a_person_whose_access_was_taken_cannot_log_in(client, people):
    people["moderator"].is_active = False
    people["moderator"].save()
    enter(client)
    assert not is_in(client)


def test_a_role_taken_away_takes_effect_with_the_next_request(client, people):
    theirs = Client()
    enter(theirs, "banadmin")
    assert theirs.get("/bans").status_code == 200
    log_in(client, people["supervisor"]).post(
        f"/people/{people['banadmin'].pk}", {"role": "moderator", "is_active": "on", "password": ""}
    )
    assert theirs.get("/bans").status_code == 403


def test_a_new_person_gets_a_role_and_a_code_name(client, people):
    fields = {"username": "noor", "role": "auditor", "password": PASSWORD}
    assert log_in(client, people["supervisor"]).post("/people/new", fields).status_code == 302
    assert enter(Client(), "noor").status_code == 302
    entry = AuditEntry.objects.get(verb="make_person")
    assert (entry.account, entry.after["role"]) == ("noor", "auditor")


def test_whom_a_supervisor_gives_a_password_must_change_it_first(client, people):
    boss = log_in(client, people["supervisor"])
    boss.post("/people/new", {"username": "noor", "role": "auditor", "password": PASSWORD})
    person = people["auditor"]
    boss.post(f"/people/{person.pk}", {"role": "auditor", "is_active": "on", "password": NEW})
    assert AuditEntry.objects.get(verb="make_person").after["must_change_password"] is True
    for name, password in (("noor", PASSWORD), ("auditor", NEW)):
        theirs = Client()
        enter(theirs, name, password)
        assert theirs.get("/audit").headers["Location"] == "/password"
        own = {"old_password": password, "new_password1": password, "new_password2": password}
        assert "This is the old password." in theirs.post("/password", own).content.decode()
        own |= {"new_password1": "a-third-one-for-tests", "new_password2": "a-third-one-for-tests"}
        assert theirs.post("/password", own).status_code == 302
        assert theirs.get("/audit").status_code == 200


def test_a_forced_change_can_be_left_by_logging_out_and_leads_nowhere_else(client, people):
    person = people["auditor"]
    settled = log_in(Client(), people["moderator"]).get("/password").content.decode()
    assert 'href="/">Cancel' in settled
    assert "<nav" in settled
    StaffProfile.objects.filter(user=person).update(must_change_password=True)
    for address in ("/password", "/no-such-page"):
        page = log_in(client, person).get(address).content.decode()
        assert "Cancel" not in page
        assert "<nav" not in page
        assert "hx-get" not in page  # would be answered with this very page
    assert 'form="log-out"' in client.get("/password").content.decode()
    assert client.post("/logout").status_code == 302
    assert not is_in(client)


def test_the_own_password_is_not_set_on_the_page_of_people(client, people):
    person = people["supervisor"]
    page = log_in(client, person).get(f"/people/{person.pk}").content.decode()
    assert 'name="password"' not in page
    assert 'href="/password"' in page
    fields = {"role": "supervisor", "is_active": "on", "password": NEW}
    answer = client.post(f"/people/{person.pk}", fields)
    assert (answer.status_code, "with the old one" in answer.content.decode()) == (422, True)
    person.refresh_from_db()
    assert person.check_password(PASSWORD)
    with pytest.raises(ValueError, match="old one"):
        staff.change(by=person, person=person, role="supervisor", is_active=True, password=NEW)
    fields["password"] = ""
    assert client.post(f"/people/{person.pk}", fields).status_code == 302


@pytest.mark.parametrize("given", ["moderator1", "Moderator-2"])
def test_the_own_new_password_must_not_look_like_the_name(given, client, people):
    answer = log_in(client, people["moderator"]).post(
        "/password", {"old_password": PASSWORD, "new_password1": given, "new_password2": given}
    )
    assert answer.status_code == 200
    people["moderator"].refresh_from_db()
    assert people["moderator"].check_password(PASSWORD)


@pytest.mark.parametrize(
    "fields",
    [
        {"username": "Moderator"},
        {"username": "a b"},
        {"username": ".."},
        {"username": "mоderator"},
        {"username": "noor.amari", "password": "noor.amari1"},
        {"role": "king"},
        {"password": "short"},
    ],
)
def test_an_account_that_cannot_be_is_refused(fields, client, people):
    given = {"username": "noor", "role": "auditor", "password": PASSWORD} | fields
    assert log_in(client, people["supervisor"]).post("/people/new", given).status_code == 422
    assert not AuditEntry.objects.filter(verb="make_person").exists()


def test_a_supervisor_cannot_take_the_own_access_away(client, people):
    person = people["supervisor"]
    answer = log_in(client, person).post(
        f"/people/{person.pk}", {"role": "auditor", "is_active": "on"}
    )
    assert answer.status_code == 422


def test_a_reason_is_changed_with_both_texts_in_the_record(client, people):
    fields = {
        "code": "violence",
        "violence-title": "Violence",
        "violence-text": "Stop.",
        "violence-key": "1",
        "violence-hold_seconds": "60",
    }
    log_in(client, people["supervisor"]).post("/policies", fields)
    assert Policy.objects.get(code="violence").is_active is False
    entry = AuditEntry.objects.get(verb="edit_policy")
    assert entry.before["title"] == "Violence or gore"
    assert (entry.after["title"], entry.after["is_active"], entry.reason) == (
        "Violence",
        False,
        "violence",
    )
    assert (entry.before["hold_seconds"], entry.after["hold_seconds"]) == (600, 60)
    assert entry.after["hold_while_banned"] is False


def test_code_names_say_nothing_of_the_person_and_are_their_own(db):
    made = [make_person(f"person-{n}", "auditor", PASSWORD).staff.code_name for n in range(20)]
    assert len(set(made)) == 20


def test_permissions_come_with_roles_alone(people):
    person = people["auditor"]
    person.user_permissions.add(Permission.objects.get(codename="end_stream"))
    fresh = RoleBackend().get_user(person.pk)
    assert fresh.has_perm("moderation.view_audit")
    assert not fresh.has_perm("moderation.end_stream")


def test_a_closed_account_is_nobody(people):
    people["auditor"].is_active = False
    people["auditor"].save()
    assert RoleBackend().get_user(people["auditor"].pk) is None
    assert RoleBackend().get_user(0) is None


def test_an_account_comes_with_its_code_name(people, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert code_name(RoleBackend().get_user(people["moderator"].pk)) != ""


def test_a_new_password_must_not_look_like_the_name(client, people):
    person = people["auditor"]
    answer = log_in(client, people["supervisor"]).post(
        f"/people/{person.pk}",
        {"role": "auditor", "is_active": "on", "password": "auditor-auditor"[:10]},
    )
    assert answer.status_code == 422


def test_nobody_keeps_what_was_answered_to_a_session(client, people):
    assert log_in(client, people["auditor"]).get("/audit")["Cache-Control"] == "private, no-store"


def test_whoever_may_do_everything_is_shown_everything(django_user_model):
    person = django_user_model.objects.create_superuser("root")
    assert "moderation.end_stream" in RoleBackend().get_all_permissions(person)
