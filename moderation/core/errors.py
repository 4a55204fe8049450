"""What the functions of this package raise for the person who asked."""


class Refused(Exception):
    """An order that cannot be taken; `words` are for the person, `status` is the HTTP status."""

    def __init__(self, words: str, *, status: int = 409) -> None:
        super().__init__(words)
        self.words = words
        self.status = status
