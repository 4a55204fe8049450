"""What the functions of this package raise for the person who asked."""


class Refused(Exception):
    """An order that cannot be taken; `message` is for the person, `status` is the HTTP status."""

    def __init__(self, message: str, *, status: int = 409) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
