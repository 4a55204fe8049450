"""How a command says no: the vendor's code and words."""


class Refusal(Exception):
    """A failure in the vendor's terms: ErrorCode and ErrorInfo, sent with HTTP status 200."""

    def __init__(self, code: int, info: str) -> None:
        super().__init__(info)
        self.code = code
        self.info = info
