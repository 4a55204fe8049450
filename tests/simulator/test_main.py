"""The command line: what it takes, what it says to nonsense, and what the guide says about it."""

import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from simulator.__main__ import arguments
from simulator.api.faults import KINDS
from simulator.control.orders import Orders
from tests.simulator.conftest import SECRET

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "simulator.md").read_text("utf-8")


@pytest.fixture(autouse=True)
def secret(monkeypatch):
    monkeypatch.setenv("SIMULATOR_SECRET", SECRET)


def test_secrets_come_from_the_environment_alone(monkeypatch, capsys):
    monkeypatch.setenv("SIMULATOR_WEBHOOK_TOKEN", "signs")
    assert (arguments([]).secret, arguments([]).webhook_token) == (SECRET, "signs")
    with pytest.raises(SystemExit):
        arguments(["--secret", "given"])
    monkeypatch.delenv("SIMULATOR_SECRET")
    with pytest.raises(SystemExit):
        arguments([])
    assert "SIMULATOR_SECRET" in capsys.readouterr().err


@pytest.mark.parametrize(
    "given",
    [
        ["--rooms", "-1"],
        ["--rooms", "many"],
        ["--viewers", "0"],
        ["--port", "70000"],
        ["--churn", "-1"],
        ["--latency", "nan"],
        ["--limits", "sometimes"],
        ["--webhooks", "ftp://x"],
        ["--webhook-lag", "-1"],
        ["--webhook-lines", "5000"],
        ["--dissolve-empty", "soon"],
        ["--host-comes", "-1"],
        ["--most-rooms", "-1"],
    ],
)
def test_nonsense_is_refused_in_words(given, capsys):
    with pytest.raises(SystemExit) as ended:
        arguments(given)
    assert ended.value.code == 2
    assert given[0] in capsys.readouterr().err


def test_a_port_that_is_taken_is_told_in_words():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "simulator", "--port", port]
        ended = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=30, check=False
        )
    assert ended.returncode == 1
    assert port in ended.stderr and "Traceback" not in ended.stderr


def test_the_guide_names_every_option_every_order_and_every_fault(capsys):
    with pytest.raises(SystemExit):
        arguments(["--help"])
    options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    orders = {name.removeprefix("do_") for name in dir(Orders) if name.startswith("do_")}
    assert options and orders
    for word in options | orders | set(KINDS):
        assert f"`{word}" in GUIDE, word
