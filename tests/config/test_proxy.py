"""The proxy's example in docs/ is one that nginx takes, where nginx is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.config.running import ROOT

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
OPENSSL = shutil.which("openssl")


@pytest.mark.skipif(not (NGINX and OPENSSL), reason="nginx or openssl is not installed")
def test_nginx_takes_the_example(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=live.example"]
    subprocess.run(
        [str(OPENSSL), *make, "-keyout", key, "-out", certificate], check=True, capture_output=True
    )
    example = (ROOT / "docs" / "nginx.conf").read_text("utf-8")
    example = example.replace("/etc/ssl/live.example.pem", str(certificate))
    example = example.replace("/etc/ssl/live.example.key", str(key))
    whole = tmp_path / "nginx.conf"
    whole.write_text(f"pid {tmp_path}/pid; events {{}} http {{ access_log off; {example} }}")

    answer = subprocess.run(
        [str(NGINX), "-t", "-e", "stderr", "-p", tmp_path, "-c", whole],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert answer.returncode == 0, answer.stderr


def test_it_passes_on_what_log_in_and_websocket_need() -> None:
    example = (ROOT / "docs" / "nginx.conf").read_text("utf-8")

    for line in (
        "X-Forwarded-Proto $scheme",
        "X-Forwarded-For $remote_addr",
        "Upgrade $http_upgrade",
        "Host $host",
    ):
        assert f"proxy_set_header {line};" in example
