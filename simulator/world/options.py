"""What kind of world it is."""

from dataclasses import dataclass

from simulator.world.stage import USUAL_LIFETIMES, Lifetimes


@dataclass(frozen=True, slots=True)
class WorldOptions:
    """What kind of world it is. The same options and clock make the same world.

    `viewers`: people in the ordinary rooms together, as a rule; the stations come on top.
    `address`: where pictures are served. `churn`: how briskly hosts come and go; 0: nobody does by
    themselves. `most_rooms`: of the package; 0: any number. `host_comes`: seconds until the host of
    a room that was created by REST comes; 0: only on order. `incidents`: seconds between two
    that are planted in turns; 0: only on order.
    """

    rooms: int
    viewers: int
    seed: int
    address: str = ""
    churn: float = 1.0
    admin: str = "administrator"
    lifetimes: Lifetimes = USUAL_LIFETIMES
    most_rooms: int = 0
    host_comes: float = 0.0
    incidents: float = 0.0
