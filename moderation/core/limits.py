"""Limits of what may be ordered, whoever orders it."""

MOST_SECONDS = 10 * 365 * 86400
