"""The proxies of docs/ and deploy/ as they stand there, on ports of this machine; what may stand
behind them in tests.
"""

import contextlib
import http.server
import json
import re
import shutil
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from launcher.folder import free_port
from tests.config.running import ROOT
from tests.contract.running import terminate
from tests.support.waiting import eventually

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
CADDY = shutil.which("caddy")
OPENSSL = shutil.which("openssl")
HOST = "live.example"


@dataclass
class Proxy:
    """A running proxy that ends TLS for HOST."""

    port: int
    log: Path

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"


@contextlib.contextmanager
def started(command: list[str], port: int, folder: Path) -> Iterator[None]:
    with (folder / "said.log").open("wb") as said:
        process = subprocess.Popen(command, stdout=said, stderr=said, env={"HOME": str(folder)})
    try:
        eventually(
            "the proxy listens or has ended",
            lambda: process.poll() is not None or listens(port),
            20,
        )
        assert process.poll() is None, (folder / "said.log").read_text()
        yield
    finally:
        terminate(process)


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def certificate(folder: Path) -> tuple[Path, Path]:
    key, made = folder / "key.pem", folder / "certificate.pem"
    words = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={HOST}"]
    words += ["-addext", f"subjectAltName=DNS:{HOST}"]
    subprocess.run(
        [str(OPENSSL), *words, "-keyout", key, "-out", made], check=True, capture_output=True
    )
    return made, key


def replaced(text: str, *pairs: tuple[str, str]) -> str:
    """Every one of these must be there: an example that changed is not tried by half."""
    for old, new in pairs:
        assert old in text, old
        text = text.replace(old, new)
    return text


@contextlib.contextmanager
def nginx(folder: Path, behind: int) -> Iterator[Proxy]:
    """docs/nginx.conf in front of this port, as /etc/nginx/nginx.conf of Debian would take it
    in.
    """
    made, key = certificate(folder)
    port, log = free_port(), folder / "access.log"
    example = replaced(
        (ROOT / "docs" / "nginx.conf").read_text("utf-8"),
        ("/etc/ssl/live.example.pem", str(made)),
        ("/etc/ssl/live.example.key", str(key)),
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
    )
    places = "".join(
        f"{name}_temp_path {folder}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} "
        f"http {{ access_log {log}; {places} {example} }}"
    )
    with started([str(NGINX), "-e", "stderr", "-p", str(folder), "-c", str(whole)], port, folder):
        yield Proxy(port, log)


@contextlib.contextmanager
def caddy(folder: Path, behind: int) -> Iterator[Proxy]:
    """docs/Caddyfile in front of this port, with a certificate of its own making."""
    made, key = certificate(folder)
    port, log = free_port(), folder / "access.log"
    example = replaced(
        (ROOT / "docs" / "Caddyfile").read_text("utf-8"),
        ("\nlive.example {", f"\nlive.example {{\n\tbind 127.0.0.1\n\ttls {made} {key}"),
        ("127.0.0.1:8000", f"127.0.0.1:{behind}"),
        ("/var/log/caddy/livewarden.log", str(log)),
    )
    whole = folder / "Caddyfile"
    whole.write_text(f"{{\n\tadmin off\n\tauto_https off\n\thttps_port {port}\n}}\n" + example)
    command = [str(CADDY), "run", "--adapter", "caddyfile", "--config", str(whole)]
    with started(command, port, folder):
        yield Proxy(port, log)


@contextlib.contextmanager
def of_compose(folder: Path, web: int) -> Iterator[int]:
    """deploy/compose-proxy.conf, with a name server that knows two web processes: its port."""
    port = free_port()
    with name_server({"web": ["127.0.0.1", "127.0.0.2"]}) as names:
        text = replaced(
            (ROOT / "deploy" / "compose-proxy.conf").read_text("utf-8"),
            ("listen 8000;", f"listen 127.0.0.1:{port};"),
            ("http://$web:8000;", f"http://$web:{web};"),
            ("resolver 127.0.0.11 ", f"resolver 127.0.0.1:{names} "),
            (" /tmp/", f" {folder}/"),
        )
        whole = folder / "nginx.conf"
        whole.write_text("daemon off;\n" + text)
        with started(
            [str(NGINX), "-e", "stderr", "-p", str(folder), "-c", str(whole)], port, folder
        ):
            yield port


@contextlib.contextmanager
def name_server(known: dict[str, list[str]]) -> Iterator[int]:
    """Answers questions for IPv4 addresses as Docker's does; its port."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                question, asker = server.recvfrom(512)
                if not question:
                    return
                name = question[13 : 13 + question[12]].decode()
                found = [socket.inet_aton(address) for address in known.get(name, [])]
                head = question[:2] + struct.pack("!HHHHH", 0x8180, 1, len(found), 0, 0)
                records = b"".join(
                    struct.pack("!HHHIH", 0xC00C, 1, 1, 2, 4) + address for address in found
                )
                server.sendto(head + question[12 : question.index(b"\0", 12) + 5] + records, asker)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield server.getsockname()[1]
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", server.getsockname())
        server.close()


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers with where it listens and the headers that came."""

    def do_GET(self) -> None:
        headers = [[name.lower(), value] for name, value in self.headers.items()]
        body = json.dumps({"at": self.server.server_address[0], "headers": headers}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@contextlib.contextmanager
def echoing(*addresses: str) -> Iterator[int]:
    """A server on each of these addresses, all on one port: that port."""
    port = free_port()
    servers = [http.server.ThreadingHTTPServer((address, port), Echo) for address in addresses]
    for server in servers:
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield port
    finally:
        for server in servers:
            server.shutdown()
            server.server_close()


def values(headers: list[list[str]], name: str) -> list[str]:
    return [value for key, value in headers if re.fullmatch(name, key)]
