"""The card of an account: what one has to know of it before one acts, wherever it is shown."""

import datetime as dt
from dataclasses import dataclass

from moderation.bans import requests
from moderation.models import Action, Ban, BanRequest
from moderation.profiles import timeline
from rooms.models import Room

LAST_ACTS = 5


@dataclass(frozen=True, slots=True)
class Card:
    """room: from which it is looked at, for acts in it. bans: how many it had from the platform,
    None for whom may not see them. strikes: (reason, how often). acts: the last ones on it. asked:
    the newest request for a ban of it.
    """

    account: str
    name: str
    avatar: str
    room: Room | None
    is_host: bool
    live: list[Room]
    broadcasts: int
    ban: Ban | None
    bans: int | None
    strikes: list[tuple[str, int]]
    strike_count: int
    suffered: list[tuple[str, int]]
    next_step: str
    days: int
    acts: list[Action]
    asked: BanRequest | None

    @property
    def may_be_acted_on(self) -> bool:
        """Whether mutes and bans of this account make sense in the room."""
        return self.room is not None and self.room.is_live and not self.is_host


def of(account: str, *, room: Room | None = None, with_bans: bool = True) -> Card:
    return Card(
        account=account,
        room=room,
        is_host=room is not None and room.owner_account == account,
        bans=Ban.objects.filter(account=account).count() if with_bans else None,
        acts=last_acts(account),
        asked=requests.newest_of(account),
        **timeline.summary(account, with_bans=with_bans),
    )


def last_acts(account: str) -> list[Action]:
    """The newest acts on the account itself and on its broadcasts, newest first."""
    acts = Action.objects.select_related("room", "policy").order_by("-requested_at", "-pk")
    # Two questions: see timeline.about.
    own = acts.filter(room__owner_account=account)[:LAST_ACTS]
    found = {act.pk: act for act in (*acts.filter(account=account)[:LAST_ACTS], *own)}
    return sorted(found.values(), key=age_of, reverse=True)[:LAST_ACTS]


def age_of(act: Action) -> tuple[dt.datetime, int]:
    return act.requested_at, act.pk
