"""How log lines look, and what they leave out."""

import logging

# Celery writes the whole stack, twice, for each message that an absent broker did not take, and for
# each try to reach it again.
BROKER = ("celery.beat", "celery.worker.consumer", "kombu")
MAX_CAUSES = 5
LONGEST = 300


def configuration(level: str) -> dict[str, object]:
    """The setting LOGGING: one line a record on stderr.

    level: of everything but the libraries named here.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
        "filters": {"one_line": {"()": "config.logs.OneLine"}},
        "handlers": {
            "stderr": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["one_line"],
            }
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            # httpx logs every address, and the vendor's addresses carry a UserSig.
            "httpx": {"level": "WARNING"},
            "httpcore": {"level": "WARNING"},
            "aiohttp.client": {"level": "WARNING"},
            # Its warnings name whoever tried, and that is often a password in the wrong field.
            "axes": {"level": "ERROR"},
        },
    }


def absence(error: BaseException | None) -> BaseException | None:
    """The error in this chain of causes that says that a store or the database did not answer now;
    None if there is none.
    """
    import redis  # Django is not set up yet when the settings name this module

    from rooms.infra import database

    for _cause in range(MAX_CAUSES):
        if error is None:
            return None
        if isinstance(error, (redis.ConnectionError, redis.TimeoutError)) or database.says_away(
            error
        ):
            return error
        # Never __context__: a fault of ours inside a handler keeps its trace.
        error = error.__cause__
    return None


def _first(said: object) -> str:
    """The first line of it, cut."""
    return str(said).split("\n", 1)[0][:LONGEST]


def _why(error: BaseException) -> str:
    """The kind of an error, and what a database that answered said; what a driver says of a
    connection may hold its address.
    """
    from rooms.infra import database

    name = type(error).__name__
    return (
        f"{name}: {_first(error)}"
        if database.says_away(error) and not database.is_gone(error)
        else name
    )


class OneLine(logging.Filter):
    """What a stranger or an absent server can cause at will is one line: traces would wash evidence
    out of the log.

    A request that Django refuses as hostile (a bad Host header), and a broker, a store or a
    database that is away: each task and each round of a loop that meets it would write seventy
    lines.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
            record.msg, record.args = record.getMessage()[:LONGEST].replace("\n", " "), ()
        elif record.name.startswith(BROKER) and "\n" in (text := self._whole(record)):
            record.exc_info = record.exc_text = None
            record.msg, record.args = _first(text), ()
        elif record.exc_info and (error := absence(record.exc_info[1])):
            record.exc_info = record.exc_text = None
            record.msg, record.args = f"{_first(record.getMessage())} ({_why(error)})", ()
        return True

    @staticmethod
    def _whole(record: logging.LogRecord) -> str:
        """The message, and that a trace belongs to it."""
        return record.getMessage() + ("\n" if record.exc_info else "")
