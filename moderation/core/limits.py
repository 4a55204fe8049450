"""Limits of what may be ordered, whoever orders it."""

MAX_SECONDS = 10 * 365 * 86400
