"""Who may do what: four roles as groups of permissions, and the people who hold them."""

import random
import secrets
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import AbstractUser, Group, Permission
from django.contrib.auth.models import User as DjangoUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from moderation.models import StaffProfile

MODERATOR = (
    "watch_rooms",
    "warn_host",
    "mute_member",
    "ban_from_room",
    "end_stream",
    "edit_room",
    "quarantine_room",
    "handle_alert",
    "set_limit",
    "claim_room",
    "write_note",
    "escalate_room",
    "request_platform_ban",
)
BANADMIN = (
    *MODERATOR,
    "view_ban",
    "place_platform_ban",
    "lift_platform_ban",
    "lift_hold",
    "view_rules",
)
SUPERVISOR = (
    *BANADMIN,
    "create_room",
    "stream_key",
    "edit_rules",
    "view_risk_weights",
    "edit_risk_weights",
    "manage_tokens",
    "view_audit",
    "manage_people",
    "edit_policies",
    "view_coverage",
    "share_view",
)
AUDITOR = (
    "watch_rooms",
    "view_ban",
    "view_audit",
    "view_rules",
    "view_coverage",
    "view_risk_weights",
)
ROLES = {"moderator": MODERATOR, "banadmin": BANADMIN, "supervisor": SUPERVISOR, "auditor": AUDITOR}
ROLE_NAMES = {
    "moderator": _("moderator"),
    "banadmin": _("ban administrator"),
    "supervisor": _("supervisor"),
    "auditor": _("auditor"),
}
BIRDS = (
    "Heron",
    "Kestrel",
    "Plover",
    "Avocet",
    "Dunlin",
    "Merlin",
    "Osprey",
    "Petrel",
    "Sandpiper",
    "Tern",
    "Wagtail",
    "Wren",
)


class RoleBackend(ModelBackend):
    """Permissions come with roles alone, and an account with its code name: two questions less for
    every page.
    """

    def get_user(self, user_id: int) -> DjangoUser | None:
        user = DjangoUser.objects.select_related("staff").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_user_permissions(self, user_obj: object, obj: object = None) -> set[str]:
        return set()

    def get_group_permissions(self, user_obj: Any, obj: object = None) -> set[str]:
        """Those of the account's roles, as they stand above: `ensure_roles` makes the database say
        the same, and asking for them there was a tenth of a click."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_group_permissions(user_obj)
        if not hasattr(user_obj, "_role_permissions"):
            roles = user_obj.groups.values_list("name", flat=True)
            user_obj._role_permissions = {
                f"moderation.{name}" for role in roles for name in ROLES.get(role, ())
            }
        return set(user_obj._role_permissions)


def ensure_roles() -> None:
    """Makes the four groups hold exactly their permissions. Idempotent."""
    for role, codenames in ROLES.items():
        group, _made = Group.objects.get_or_create(name=role)
        permissions = Permission.objects.filter(
            content_type__app_label="moderation", codename__in=codenames
        )
        group.permissions.set(permissions)


def role_of(user: AbstractUser) -> str:
    """The role's key; "" for somebody without one."""
    names = [group.name for group in user.groups.all() if group.name in ROLES]
    return names[0] if names else ""


def new_code_name() -> str:
    """A public name that says nothing of the person: a bird and a number, not used before."""
    while True:
        name = f"{secrets.choice(BIRDS)} {random.randrange(10, 1000)}"  # noqa: S311 (a name, not a secret)
        if not StaffProfile.objects.filter(code_name=name).exists():
            return name


def code_name(user: AbstractUser | None) -> str:
    """The public name of a person; "" for rules and strangers.

    Asks the database once a User at most.
    """
    profile = getattr(user, "staff", None)
    return str(profile.code_name) if profile else ""


def must_change_password(user: AbstractUser) -> bool:
    """Somebody else knows the password: nothing is served before the person has changed it."""
    profile = getattr(user, "staff", None)
    return bool(profile and profile.must_change_password)


@transaction.atomic
def make_person(
    username: str, role: str, password: str, *, must_change_password: bool = False
) -> DjangoUser:
    """A new account with its role and code name. Raises IntegrityError when the name is taken."""
    user = DjangoUser.objects.create_user(username=username, password=password)
    user.groups.set([Group.objects.get(name=role)])
    StaffProfile.objects.create(
        user=user, code_name=new_code_name(), must_change_password=must_change_password
    )
    return user


@transaction.atomic
def set_role(user: AbstractUser, role: str) -> None:
    user.groups.set([Group.objects.get(name=role)])
