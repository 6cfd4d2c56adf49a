"""A link is looked at without ever connecting to a private network."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ipaddress import ip_address

import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.inbound.links import Links, Streams
from domain.reading.links import is_public_address, is_public_link, link_in
from sandbox.serve import serve
from tests.kit.network import answering

PUBLIC = "93.184.215.14"
NAMES: dict[str, list[str]] = {
    "situs.example": [PUBLIC],
    "dalam.example": ["10.1.2.3"],
    "campur.example": [PUBLIC, "192.168.0.9"],
    "enam.example": ["2606:2800:220:1:248:1893:25c8:1946"],
    "terbungkus.example": ["::ffff:127.0.0.1"],
    "awan.example": ["169.254.169.254"],
    "kosong.example": [],
}


class Net:
    """Names, addresses and answers; remembers what was connected to."""

    def __init__(self, *answers: bytes) -> None:
        self.answers, self.connected, self.asked = list(answers), [], []  # type: ignore[var-annotated]

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.asked.append(host)
        if host not in NAMES:
            raise OSError("no such name")
        return NAMES[host]

    async def connect(self, address: str, port: int, server_name: str) -> Streams:
        self.connected.append((address, port, server_name))
        if not self.answers:
            raise ConnectionRefusedError
        return answering(self.answers.pop(0))

    async def state(self, url: str) -> str:
        return (await Links(resolve=self.resolve, connect=self.connect, seconds=1).look(url)).state


OK = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"


def moved(to: str) -> bytes:
    """An answer that points on."""
    return f"HTTP/1.1 302 Found\r\nLocation: {to}\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("url", "answers", "state"),
    [
        pytest.param("https://situs.example/a", [OK], "live", id="answers"),
        pytest.param(
            "https://situs.example/a", [b"HTTP/1.1 403 Forbidden\r\n\r\n"], "login", id="asks for a login"
        ),
        pytest.param(
            "https://situs.example/a", [b"HTTP/1.1 401 No\r\n\r\n"], "login", id="asks for a password"
        ),
        pytest.param(
            "https://situs.example/a",
            [moved("https://accounts.google.com/v3/signin?x=1")],
            "login",
            id="sends to a login",
        ),
        pytest.param(
            "https://situs.example/a", [moved("/login?next=/a")], "login", id="sends to its own login"
        ),
        pytest.param(
            "https://situs.example/a", [b"HTTP/1.1 429 Slow\r\n\r\n"], "unknown", id="too many asked"
        ),
        pytest.param("https://situs.example/a", [b"HTTP/1.1 405 No\r\n\r\n"], "live", id="knows no HEAD"),
        pytest.param("https://situs.example/a", [b"HTTP/1.1 404 Not Found\r\n\r\n"], "dead", id="not there"),
        pytest.param("https://situs.example/a", [b"HTTP/1.1 503 Later\r\n\r\n"], "unknown", id="not now"),
        pytest.param("https://situs.example/a", [b"SSH-2.0-x\r\n\r\n"], "dead", id="no web server"),
        pytest.param("https://situs.example/a", [b"HTTP/1.1 200 OK"], "dead", id="breaks off"),
        pytest.param("https://situs.example/a", [], "dead", id="refuses"),
        pytest.param("https://tiada.example/", [OK], "dead", id="no such name"),
        pytest.param("https://kosong.example/", [OK], "dead", id="a name without an address"),
        pytest.param("https://enam.example/", [OK], "live", id="six"),
        pytest.param("https://situs.example/", [moved("/b"), OK], "live", id="points on"),
        pytest.param(
            "https://situs.example/", [moved("https://dalam.example/")], "private", id="points inside"
        ),
        pytest.param(
            "https://situs.example/", [moved("http://127.0.0.1:8081/")], "private", id="points at us"
        ),
        pytest.param(
            "https://situs.example/", [moved("file:///etc/passwd")], "private", id="points at a file"
        ),
        pytest.param("https://situs.example/", [moved("/")] * 9, "dead", id="points at itself"),
        pytest.param("https://dalam.example/", [OK], "private", id="private by name"),
        pytest.param("https://campur.example/", [OK], "private", id="one private among public"),
        pytest.param("https://terbungkus.example/", [OK], "private", id="wrapped"),
        pytest.param("http://awan.example/latest/meta-data", [OK], "private", id="metadata"),
        pytest.param("http://10.0.0.1/", [OK], "private", id="private by number"),
        pytest.param("ftp://situs.example/", [OK], "private", id="not the web"),
    ],
)
async def test_a_link_is_found_so(url: str, answers: list[bytes], state: str) -> None:
    net = Net(*answers)
    assert await net.state(url) == state
    assert all(is_public_address(ip_address(address)) for address, _, _ in net.connected)


async def test_it_connects_to_the_checked_address_itself() -> None:
    """A second look-up could lead elsewhere: the name is only said, never resolved again."""
    net = Net(OK)
    await net.state("https://situs.example:8443/x?y=1")
    assert net.connected == [(PUBLIC, 8443, "situs.example")]
    assert net.asked == ["situs.example"]


@pytest.mark.parametrize("stage", ["resolve", "connect", "answer"])
async def test_nobody_waits_for_a_slow_one(stage: str) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        await asyncio.sleep(60 if stage == "resolve" else 0)
        return [PUBLIC]

    async def connect(address: str, port: int, server_name: str) -> Streams:
        await asyncio.sleep(60 if stage == "connect" else 0)
        return answering(b"HTTP/1.1 200", ends=False)

    found = await Links(resolve=resolve, connect=connect, seconds=0.05).look("https://situs.example/")
    assert found.state == "dead"


async def test_an_endless_head_is_cut_off() -> None:
    net = Net(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000)
    assert await net.state("https://situs.example/") == "dead"


async def test_it_speaks_to_a_real_server() -> None:
    """The transport is ours; only the address is turned to this machine, which the rules would refuse."""
    asked: list[tuple[str, str]] = []

    async def page(request: object) -> Response:
        asked.append((request.method, request.headers["host"]))  # type: ignore[attr-defined]
        return Response("isi")

    from bot.inbound.links import connect as real

    async with serve(Starlette(routes=[Route("/a b", page, methods=["HEAD", "GET"])])) as url:
        port = int(url.rsplit(":", 1)[1])

        async def connect(address: str, _: int, server_name: str) -> Streams:
            return await real("127.0.0.1", port, server_name)

        net = Net()
        state = (await Links(resolve=net.resolve, connect=connect).look("http://situs.example/a%20b")).state
    assert state == "live"
    assert asked == [("HEAD", "situs.example")]


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://localhost./",
        "http://router.lan/",
        "http://desk.local/",
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[64:ff9b:1:ffff::8.8.8.8]/",
        "http://[::127.0.0.1]/",
        "http://[::7f00:1]/",
        "http://[2002:a00:1::]/",
        "http://224.0.0.1/",
        "http://0.0.0.0/",
        "http://100.64.0.1/",
        "http://2130706433/",
        "https://orang:sandi@situs.example/",
        "https://situs.example:99999/",
        "https://situs.example/\x00",
        "javascript:alert(1)",
        "https://" + "a" * 3000 + ".example/",
        "",
    ],
)
def test_these_links_are_never_looked_at(url: str) -> None:
    assert not is_public_link(url)


@pytest.mark.parametrize(
    ("said", "url"),
    [
        ("https://youtu.be/abc", "https://youtu.be/abc"),
        ("ini videonya: https://youtu.be/abc.", "https://youtu.be/abc"),
        ("HTTPS://Situs.Example/A", "HTTPS://Situs.Example/A"),
        ("www.situs.go.id", "https://www.situs.go.id"),
        ("drive.google.com/file/d/1", "https://drive.google.com/file/d/1"),
        ("188.45/123/2025", ""),
        ("dua kali", ""),
        ("a.n. Bupati", ""),
    ],
)
def test_a_link_is_found_in_what_was_typed(said: str, url: str) -> None:
    assert link_in(said) == url
