"""What log lines leave out."""

import logging


class OneLine(logging.Filter):
    """A request that Django refuses as hostile (a bad Host header) is one line: traces would wash evidence out of the log."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.startswith("django.security"):
            record.exc_info = record.exc_text = None
            record.msg, record.args = record.getMessage()[:300].replace("\n", " "), ()
        return True
