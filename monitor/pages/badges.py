"""What a row, a tile or a room page says of a room beside its figures, and what is not drawn into
it by the server.

A page asks once for all the rooms it shows, and hears of changes over the socket. So the kept rows
(`monitor.pages.row_cache`) stay the same for everybody, and a page costs no question more for each
new mark.
"""

from collections.abc import Mapping, Sequence

from moderation.attention import store as risk
from moderation.collaboration import claims
from moderation.lifecycle import countdowns
from moderation.patrol import looks
from monitor.realtime import presence


def of(pks: Sequence[int]) -> dict[str, Mapping[int, object]]:
    """Name of a mark -> pk -> what it says. Rooms without one are left out.

    clocks: see moderation.lifecycle.countdowns. seen: see moderation.patrol.looks.of. here:
    [[person, code name], ...]. risk: see moderation.attention.store.of. claims: see
    moderation.collaboration.claims.of.
    """
    return {
        "claims": claims.of(pks),
        "clocks": countdowns.of(pks),
        "seen": looks.of(pks),
        "risk": risk.of(pks),
        "here": presence.stored_people(pks),
    }
