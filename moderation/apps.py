from django.apps import AppConfig
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models.signals import post_migrate


class ModerationConfig(AppConfig):
    name = "moderation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from axes.signals import user_locked_out

        from moderation.automation import receivers
        from moderation.lifecycle import holds
        from moderation.pictures import receivers as picture_receivers
        from moderation.provisioning import publish_on_start
        from moderation.staff import auth_events

        receivers.connect()
        holds.connect()
        picture_receivers.connect()
        publish_on_start.connect()
        post_migrate.connect(make_roles, sender=self)
        user_logged_in.connect(auth_events.logged_in, dispatch_uid="moderation.logged_in")
        user_logged_out.connect(auth_events.logged_out, dispatch_uid="moderation.logged_out")
        user_login_failed.connect(auth_events.refused, dispatch_uid="moderation.login_refused")
        user_locked_out.connect(auth_events.locked_out, dispatch_uid="moderation.locked_out")


def make_roles(**_: object) -> None:
    """The groups follow the source after every migration, permissions included."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions

    from moderation.core.roles import ensure_roles

    create_permissions(apps.get_app_config("moderation"), verbosity=0)
    ensure_roles()
