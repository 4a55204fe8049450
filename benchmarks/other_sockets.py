"""The other sockets of `browser`, in a process of their own: each shows 40 rooms and reads every
tick.

`python -m benchmarks.other_sockets PORT SESSION SOCKETS FIRST LAST`: FIRST and LAST bound the
rooms' numbers. Prints "ready" once every socket has its snapshot, reads until its standard input
ends, then prints one JSON object: {"open": sockets still open, "ticks": {"<at of a tick>": how many
sockets got it}}.
"""

import json
import select
import sys

from benchmarks.websocket_clients import Crowd

ON_A_PAGE = 40
LABEL = "others"


def main(port: int, session: str, sockets: int, first: int, last: int) -> None:
    crowd = Crowd()
    for number in range(sockets):
        start = first + number * ON_A_PAGE % max(1, last - first + 1 - ON_A_PAGE)
        member = crowd.open(LABEL, port, "/ws/live", f"sessionid={session}")
        crowd.say(
            member, json.dumps({"watch": list(range(start, start + ON_A_PAGE)), "visible": True})
        )
        crowd.listen(0)
    members = crowd.open_ones(LABEL)
    if not crowd.listen(30, lambda: all(member.texts for member in members)):
        raise TimeoutError("not every socket got its snapshot")
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0)[0]:
        crowd.listen(0.2)
    ticks = {at: len(arrived) for (_, at), arrived in crowd.arrivals.items()}
    print(json.dumps({"open": len(crowd.open_ones(LABEL)), "ticks": ticks}), flush=True)


if __name__ == "__main__":
    port, session, *numbers = sys.argv[1:]
    main(int(port), session, *map(int, numbers))
