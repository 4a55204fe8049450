"""The people of the console: making an account, changing it, a new password.

Each with its entry in the record.

The first supervisor comes from a command line (`first_supervisor`), the four demo people from a
stack with the simulator; both are written by hands that no account belongs to, so the record names
the command.
"""

from django.contrib.auth.models import Group, User
from django.db import transaction

from moderation.audit import audit_log
from moderation.core.roles import ROLES, make_person, role_of, set_role
from moderation.models import StaffProfile


class AlreadySupervised(Exception):
    """There is an active supervisor, who makes accounts on the page of people.

    Its text is that account's name.
    """


def state(person: User) -> dict[str, object]:
    """What an entry tells of a person: {"role": its key, "is_active": bool}."""
    return {"role": role_of(person), "is_active": person.is_active}


@transaction.atomic
def add(*, by: User, username: str, role: str, password: str) -> User:
    """A new account, whose first password must be changed at the first log-in.

    Raises IntegrityError when the name is taken.
    """
    made = make_person(username, role, password, must_change_password=True)
    after = {"role": role, "is_active": True, "must_change_password": True}
    audit_log.record(by=by, verb="make_person", outcome="done", account=username, after=after)
    return made


@transaction.atomic
def add_first_supervisor(*, username: str, password: str) -> User:
    """The account that makes all others; its password must be changed at the first log-in.

    Raises AlreadySupervised while there is an active supervisor, IntegrityError when the name is
    taken.
    """
    group = Group.objects.select_for_update().get(
        name="supervisor"
    )  # two commands at once: one after the other
    there = group.user_set.filter(is_active=True).order_by("pk").first()
    if there is not None:
        raise AlreadySupervised(there.get_username())
    made = make_person(username, "supervisor", password, must_change_password=True)
    after = {"role": "supervisor", "is_active": True, "must_change_password": True}
    audit_log.record(
        by="system:first_supervisor",
        verb="make_person",
        outcome="done",
        account=username,
        after=after,
    )
    return made


@transaction.atomic
def open_demo(password: str) -> list[str]:
    """One account a role, with one password: those that are missing, and those that `close_demo`
    closed. Their names.
    """
    opened = []
    for role in ROLES:
        person = User.objects.filter(username=role).first()
        if person is None:
            make_person(role, role, password)
        elif not person.is_active and person.check_password(password):
            person.is_active = True
            person.save(update_fields=["is_active"])
        else:
            continue
        opened.append(role)
        after = {"role": role, "is_active": True}
        audit_log.record(
            by="system:demo_people", verb="make_person", outcome="done", account=role, after=after
        )
    return opened


@transaction.atomic
def close_demo(password: str) -> list[str]:
    """Takes away the access of demo people who still have the demo's password: nobody real is known
    by it. Their names.
    """
    closed = []
    for person in User.objects.filter(username__in=list(ROLES), is_active=True):
        if person.check_password(password):
            before = state(person)
            person.is_active = False
            person.save(update_fields=["is_active"])
            closed.append(person.get_username())
            audit_log.record(
                by="system:demo_people",
                verb="change_person",
                outcome="done",
                account=person.username,
                before=before,
                after=state(person),
            )
    return closed


@transaction.atomic
def change(*, by: User, person: User, role: str, is_active: bool, password: str = "") -> User:
    """Role, access and, when given, a new password.

    A new password ends the person's sessions; so does losing access.

    Whoever gave it knows it, so the person must change it. Nobody sets the own one here
    (ValueError): see change_own_password.
    """
    if password and person.pk == by.pk:
        raise ValueError("the own password needs the old one")
    before = state(person)
    person.is_active = is_active
    if password:
        person.set_password(password)
        StaffProfile.objects.filter(user=person).update(must_change_password=True)
    person.save()
    set_role(person, role)
    after = {"role": role, "is_active": is_active, "new_password": bool(password)}
    audit_log.record(
        by=by,
        verb="change_person",
        outcome="done",
        account=person.username,
        before=before,
        after=after,
    )
    return person


@transaction.atomic
def choose_undo_time(*, person: User, seconds: int | None) -> None:
    """The person's own time to take an act back; None: the installation's.

    Nothing is recorded when nothing differs.
    """
    mine = StaffProfile.objects.select_for_update().filter(user=person).first()
    if mine is None or mine.undo_seconds == seconds:
        return
    before = {"undo_seconds": mine.undo_seconds}
    StaffProfile.objects.filter(pk=mine.pk).update(undo_seconds=seconds)
    audit_log.record(
        by=person,
        verb="undo_time",
        outcome="done",
        account=person.username,
        before=before,
        after={"undo_seconds": seconds},
    )


@transaction.atomic
def change_own_password(*, person: User, password: str) -> None:
    """The person's own new password: every other session of theirs ends."""
    person.set_password(password)
    person.save()
    StaffProfile.objects.filter(user=person, must_change_password=True).update(
        must_change_password=False
    )
    audit_log.record(by=person, verb="change_password", outcome="done", account=person.username)
