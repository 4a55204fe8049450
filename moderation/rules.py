"""What follows from facts without a person: platform bans, enforced in rooms as they appear."""


def connect() -> None:
    """Receive the signals of `rooms`."""
