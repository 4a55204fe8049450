"""The HTTP API for the platform's backend: the same functions as the pages, for a program with a token."""
