"""The command line of `./run`: what it can be asked, and who does it."""

import argparse
import errno
import os
import sys

from launcher import environment
from launcher.terminal import Stop

UNWRITABLE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
HELP = """\
Livewarden: supervision of live rooms.

  ./run                      the whole console with a simulated platform, until Ctrl-C
  ./run --for 60 --check     tests itself unattended; exit status 0 only if every check passed
  ./run test                 lint, architecture, unit, contract and browser tests
  ./run test --mutants       does a test fail for each small change of what ends streams? (an hour)
  ./run bench [NAME]         the benchmarks, or one of them
  ./run simulator ...        the simulated platform alone (--help shows its options)
  ./run manage ...           Django's manage.py, with the stack's settings (--data FOLDER first)
  ./run messages             brings the catalogues up to date, and says what is untranslated
  ./run screenshots          makes the pictures of README.md and docs/tour.md
  ./run lock                 writes requirements*.lock from requirements*.txt

With LIVE_SDKAPPID, LIVE_SECRET_KEY, LIVE_ADMIN and LIVE_HOST set (environment or .env) it talks to
the real service and starts no simulator. With REDIS_URL or DATABASE_URL set it uses those stores.
"""


def stack_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run", description=HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--port", type=port, help="the web port (default: 8000, else the next free one)"
    )
    parser.add_argument(
        "--data",
        metavar="FOLDER",
        help="where data and logs are kept (default: LIVEWARDEN_DATA_DIR, else var)",
    )
    parser.add_argument(
        "--rooms", type=positive, default=60, help="simulated rooms (default: %(default)s)"
    )
    parser.add_argument(
        "--viewers", type=positive, default=20_000, help="simulated viewers (default: %(default)s)"
    )
    parser.add_argument(
        "--seed", type=int, default=7, help="the simulated world's seed (default: %(default)s)"
    )
    parser.add_argument(
        "--no-webhooks",
        dest="webhooks",
        action="store_false",
        help="the simulated platform tells nothing by itself: the console has to ask",
    )
    parser.add_argument(
        "--for", dest="seconds", type=seconds, metavar="SECONDS", help="stop after so long"
    )
    parser.add_argument(
        "--check", action="store_true", help="watch, end, ban and read back, then say what was seen"
    )
    return parser


def port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError("a port is a number from 0 (any free one) to 65535")
    return int(text)


def positive(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError("takes a whole number above 0")
    return int(text)


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 10_000_000:
        raise argparse.ArgumentTypeError("takes a number of seconds above 0")
    return value


def test_options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run test", description="Lint, architecture, tests; each step timed."
    )
    parser.add_argument("--fast", action="store_true", help="leave out the browser")
    parser.add_argument(
        "--postgres", action="store_true", help="unit and contract tests on an embedded PostgreSQL"
    )
    parser.add_argument(
        "--mutants",
        action="store_true",
        help="only this: are small changes of the code noticed? (--mutants --help)",
    )
    parser.add_argument(
        "-k", metavar="EXPRESSION", help="only the tests that match (pytest's -k), no lint"
    )
    return parser


def with_environment(requirements: str) -> str:
    return str(environment.ensure(requirements))


def replace_by(command: list[str], variables: dict[str, str] | None = None) -> int:
    """Becomes another program: signals and exit status are then its own."""
    os.chdir(environment.ROOT)
    sys.stdout.flush()
    os.execve(command[0], command, {**os.environ, **environment.COMPILED, **(variables or {})})  # noqa: S606


def manage(arguments: list[str]) -> int:
    """manage.py with the settings of the running stack, else those that the next one would have.

    `--data FOLDER`, before the command, says which stack.
    """
    parser = argparse.ArgumentParser(prog="./run manage", add_help=False, allow_abbrev=False)
    parser.add_argument("--data")
    chosen = None
    while arguments and arguments[0].split("=")[0] == "--data":
        used = 1 if "=" in arguments[0] else 2
        chosen = parser.parse_args(arguments[:used]).data
        arguments = arguments[used:]
    python = with_environment(environment.RUNTIME)
    # Imported here for a quick start of the other commands.
    from launcher.folder import Folder, data_folder
    from launcher.processes import settings_of

    folder = Folder(data_folder(chosen))
    return replace_by([python, "manage.py", *arguments], settings_of(folder))


def dispatch(arguments: list[str]) -> int:
    """Each command imports only what it needs, for a quick start."""
    verb = arguments[0] if arguments else ""
    if verb == "test" and "--mutants" in arguments:
        rest = [word for word in arguments[1:] if word != "--mutants"]
        return replace_by(
            [with_environment(environment.MUTANTS), "-m", "launcher.development.mutants", *rest]
        )
    if verb == "test":
        options = test_options().parse_args(arguments[1:])
        with_environment(environment.POSTGRES if options.postgres else environment.DEVELOPMENT)
        from launcher.development import testing

        return testing.run(options)
    if verb == "bench":
        return replace_by(
            [with_environment(environment.POSTGRES), "-m", "benchmarks", *arguments[1:]]
        )
    if verb in {"messages", "screenshots"}:
        return replace_by(
            [
                with_environment(environment.DEVELOPMENT),
                "-m",
                f"launcher.development.{verb}",
                *arguments[1:],
            ]
        )
    if verb == "simulator":
        return replace_by(
            [with_environment(environment.RUNTIME), "-m", "simulator", *arguments[1:]]
        )
    if verb == "manage":
        return manage(arguments[1:])
    if verb == "lock":
        from launcher.development import locking

        locking.lock()
        return 0
    if verb and not verb.startswith("-"):
        raise Stop(f"There is no ./run {verb}. What there is: ./run --help")
    from launcher import stack

    return stack.up(stack_options().parse_args(arguments))


def main(arguments: list[str]) -> int:
    """Returns the exit status: 0 well, 1 something was not true, 2 something the person can put
    right.
    """
    try:
        return dispatch(arguments)
    except Stop as stop:
        sys.stderr.write(f"{stop}\n")
        return 2
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        if error.errno not in UNWRITABLE:
            raise
        where = f" ({error.filename})" if error.filename else ""
        sys.stderr.write(f"Cannot go on: {error.strerror}{where}.\n")
        return 2
