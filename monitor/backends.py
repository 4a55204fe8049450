"""How an account is read for a request: with its code name and its preferences, in one question."""

from django.contrib.auth.models import User

from moderation.core.roles import RoleBackend


class ScreenBackend(RoleBackend):
    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("staff", "preference").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None
