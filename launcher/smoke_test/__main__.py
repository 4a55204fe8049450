"""`python -m launcher.smoke_test STATE SECONDS`: the smoke test of `./run --for 60 --check`, beside
the running stack.

Runs inside the environment. STATE: the file in which the stack wrote how it can be reached.
"""

import os
import sys
from pathlib import Path

from launcher.folder import read_state
from launcher.terminal import say


def main(state_file: str, seconds: str) -> int:
    state = read_state(Path(state_file))
    os.environ |= state["variables"] | {"DJANGO_SETTINGS_MODULE": "config.settings"}
    import django

    django.setup()
    # Imported here: the console's models can be imported only now.
    from launcher.smoke_test.checks import SmokeTest

    say("  Checking it")
    return SmokeTest(state, Path(state_file).parent, float(seconds)).run()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
