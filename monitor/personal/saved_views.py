"""Saved views: an address of list or wall under a name.

An owner changes his own; shared ones are everybody's to open.
"""

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _

from moderation.audit import audit_log
from moderation.core.errors import Refused
from monitor.listing.filters import Filters
from monitor.models import SavedView
from monitor.pages.wall import Wall

MAX_VIEWS = 50
SHARE = "moderation.share_view"


def of(user: User, page: str) -> QuerySet[SavedView]:
    """One's own, and what colleagues share."""
    return SavedView.objects.filter(Q(owner=user) | Q(is_shared=True), page=page).select_related(
        "owner"
    )


def save(*, by: User, name: str, page: str, query: str, is_shared: bool = False) -> SavedView:
    """Keeps an address under a name; the same name again gives it another address.

    Raises Refused.
    """
    if is_shared and not by.has_perm(SHARE):
        raise Refused(_("Your role may not share views."), status=403)
    known = SavedView.objects.filter(owner=by, page=page, name=name).exists()
    if not known and SavedView.objects.filter(owner=by).count() >= MAX_VIEWS:
        raise Refused(_("You have %(n)d views. Delete one first.") % {"n": MAX_VIEWS}, status=409)
    with transaction.atomic():
        before = SavedView.objects.filter(owner=by, page=page, name=name).first()
        kept, _made = SavedView.objects.update_or_create(
            owner=by,
            page=page,
            name=name,
            defaults={"query": cleaned(page, query), "is_shared": is_shared},
        )
        note(by, before, kept)
    return kept


def delete(*, by: User, view: SavedView) -> None:
    if view.owner_id != by.pk:
        raise Refused(_("Only the person who saved a view can delete it."), status=403)
    with transaction.atomic():
        note(by, view, None)
        view.delete()


def note(by: User, before: SavedView | None, after: SavedView | None) -> None:
    """The record's entry, where colleagues saw the view or see it now.

    Private ones are the person's own screen.
    """
    there = [view for view in (before, after) if view is not None]
    if any(view.is_shared for view in there):
        shown = [
            None
            if v is None
            else {"name": v.name, "page": v.page, "query": v.query, "is_shared": v.is_shared}
            for v in (before, after)
        ]
        audit_log.record(
            by=by,
            verb="share_view" if after else "delete_view",
            outcome="done",
            note=there[0].name,
            before=shown[0] or {},
            after=shown[1] or {},
        )


def cleaned(page: str, query: str) -> str:
    """The address as the page itself would write it: nothing else gets into a link."""
    read = QueryDict(query.lstrip("?"))
    return Wall.read(read).query() if page == SavedView.Page.WALL else Filters.read(read).query()
