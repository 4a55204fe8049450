#!/usr/bin/env python
"""Django's command line; `./run manage ...` calls it inside the project's environment."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if {"migrate", "prepare_database"} & set(sys.argv[1:2]):
        os.environ.setdefault("LIVEWARDEN_STATEMENT_SECONDS", "0")  # a large table takes its time
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
