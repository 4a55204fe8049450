"""What log lines leave out."""

import logging

# Celery writes the whole stack, twice, for each message that an absent broker did not take, and for each try to reach it again.
BROKER = ("celery.beat", "celery.worker.consumer", "kombu")


class OneLine(logging.Filter):
    """What a stranger or an absent server can cause at will is one line: traces would wash evidence out of the log.

    A request that Django refuses as hostile (a bad Host header), and a broker that is away.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
            record.msg, record.args = record.getMessage()[:300].replace("\n", " "), ()
        elif record.name.startswith(BROKER) and "\n" in (text := self._whole(record)):
            record.exc_info = record.exc_text = None
            record.msg, record.args = text.split("\n", 1)[0][:300], ()
        return True

    @staticmethod
    def _whole(record: logging.LogRecord) -> str:
        """The message, and that a trace belongs to it."""
        return record.getMessage() + ("\n" if record.exc_info else "")
