"""`make sam-local`: what the real SAM is given, so that its containers reach the local stack."""

import asyncio
import http.server
import json
import platform
import socketserver
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local import cloudformation, sam_engine
from local.errors import LocalStackError
from local.sam_engine import Engine
from local.sam_local import without_names, write_variables
from local.sam_relay import loopback_ports, relayed, seen_from_containers

ROOT = Path(__file__).parents[2]
on_linux = pytest.mark.skipif(platform.system() != "Linux", reason="only there containers need the relay")
BRIDGE = {"IPAM": {"Config": [{"Subnet": "172.17.0.0/16", "Gateway": "172.17.0.1"}]}}


class _Docker(http.server.BaseHTTPRequestHandler):
    """Answers as an engine does, over a unix socket."""

    answers: dict[str, Any]

    def do_GET(self) -> None:
        body = json.dumps(self.answers[self.path]).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        return "a unix socket"

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def docker_host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    _Docker.answers = {"/info": {"OperatingSystem": "Debian"}, "/networks/bridge": BRIDGE}
    monkeypatch.setattr("os.uname", lambda: type("Name", (), {"sysname": "Linux"}))
    monkeypatch.delenv("SAM_HOST", raising=False)
    socket = tmp_path / "docker.sock"
    with socketserver.UnixStreamServer(str(socket), _Docker) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        monkeypatch.setenv("DOCKER_HOST", f"unix://{socket}")
        yield f"unix://{socket}"
        server.shutdown()
        thread.join()


def test_on_linux_containers_reach_this_machine_at_the_gateway_of_their_bridge(docker_host: str) -> None:
    assert sam_engine.find() == Engine(docker_host, "172.17.0.1", host_is_this_machine=True)


def test_in_docker_desktop_containers_reach_this_machine_by_its_name_for_it(docker_host: str) -> None:
    _Docker.answers = {"/info": {"OperatingSystem": "Docker Desktop"}}
    assert sam_engine.find() == Engine(docker_host, "host.docker.internal", host_is_this_machine=False)


def test_sam_host_says_how_containers_reach_this_machine(docker_host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAM_HOST", "10.0.2.2")
    assert sam_engine.find() == Engine(docker_host, "10.0.2.2", host_is_this_machine=False)


def test_without_an_engine_the_message_says_what_was_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "unix:///nonexistent/docker.sock")
    with pytest.raises(LocalStackError, match=r"Tried: unix:///nonexistent/docker\.sock"):
        sam_engine.find()


@pytest.mark.parametrize(
    ("url", "seen"),
    [
        ("postgresql://me:p%40ss@127.0.0.1:5432/roster?a=b", "postgresql://me:p%40ss@172.17.0.1:5432/roster?a=b"),
        ("redis://:word@localhost:6379/0", "redis://:word@172.17.0.1:6379/0"),
        ("postgresql://me@database.example.com/roster", "postgresql://me@database.example.com/roster"),
        ("", ""),
    ],
)
def test_only_loopback_addresses_change_for_containers(url: str, seen: str) -> None:
    assert seen_from_containers(url, "172.17.0.1") == seen


def test_only_loopback_ports_are_relayed() -> None:
    assert loopback_ports(["postgresql://me@127.0.0.1:5432/roster", "redis://cache.example.com:6379/0", ""]) == [5432]


@on_linux
def test_relay_passes_bytes_both_ways_and_ends_with_its_context() -> None:
    async def talk() -> bytes:
        server = await asyncio.start_server(_shout, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        async with relayed("127.0.0.2", [port]):
            reader, writer = await asyncio.open_connection("127.0.0.2", port)
            writer.write(b"hello\n")
            answer = await reader.readline()
            writer.close()
        with pytest.raises(OSError, match="Connect call failed"):
            await asyncio.open_connection("127.0.0.2", port)
        server.close()
        return answer

    assert asyncio.run(talk()) == b"HELLO\n"


@on_linux
def test_port_that_is_taken_at_the_gateway_is_named() -> None:
    async def collide() -> None:
        server = await asyncio.start_server(_shout, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(LocalStackError, match=f"127.0.0.1:{port}"):
            async with relayed("127.0.0.1", [port]):
                pass
        server.close()

    asyncio.run(collide())


def test_variables_are_for_the_owner_alone_and_lead_to_the_host(tmp_path: Path) -> None:
    file = tmp_path / "sam-env.json"
    given = {"DATABASE_URL": "postgresql://me:secret@127.0.0.1:5/roster", "REDIS_URL": "", "JWT_PUBLIC_KEYS": "keys"}
    engine = Engine("unix:///docker.sock", "172.17.0.1", host_is_this_machine=True)
    write_variables(file, given, engine, "postgresql://owner:secret@127.0.0.1:5/roster")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())["Parameters"] == {
        "DATABASE_URL": "postgresql://me:secret@172.17.0.1:5/roster",
        "REDIS_URL": "",
        "JWT_PUBLIC_KEYS": "keys",
    }
    assert json.loads(file.read_text())["MigrateDatabaseFunction"] == {
        "DATABASE_URL": "postgresql://owner:secret@172.17.0.1:5/roster"
    }


async def _shout(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write((await reader.readline()).upper())
    await writer.drain()
    writer.close()


def test_sam_gets_functions_without_names_and_all_else_as_it_stands(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text((ROOT / "template.yaml").read_text("utf-8"), "utf-8")
    nameless = json.loads(without_names(tmp_path / "template.yaml").read_text("utf-8"))
    expected = cloudformation.load(ROOT / "template.yaml")
    functions = [each for each in expected["Resources"].values() if each["Type"] == "AWS::Serverless::Function"]
    names = [each["Properties"].pop("FunctionName") for each in functions]
    assert {"Fn::Sub": "roster-${Stage}-get-user"} in names
    assert nameless == expected
