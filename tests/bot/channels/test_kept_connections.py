"""Requests over connections that stay open: each gets its own answer or none, and nothing is sent twice."""

from __future__ import annotations

import asyncio
import ssl
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from bot.channels.kept_connections import (
    ANSWER_BYTES,
    Answer,
    AnswerLate,
    AnswerTooBig,
    KeptConnections,
    NeverLeft,
    NoAnswer,
    _Connection,
)
from tests.kit.patience import PATIENCE
from tests.kit.ports import free_port
from tests.kit.scripted_server import CLOSE, OK, Server, scripted


@asynccontextmanager
async def talking(
    *answers: tuple[bytes, ...],
    tls: ssl.SSLContext | None = None,
    silent: int = 0,
    seconds: float = PATIENCE,
) -> AsyncIterator[tuple[Server, KeptConnections]]:
    async with scripted(*answers, tls=tls, silent=silent) as (server, root):
        connections = KeptConnections(
            f"{root}/api", headers={"Authorization": "Bearer of-nobody"}, seconds=seconds
        )
        try:
            yield server, connections
        finally:
            await connections.close()


async def post(connections: KeptConnections, body: bytes = b"{}") -> Answer:
    return await connections.post("/v1/messages", body)


async def test_requests_share_a_connection_and_are_whole() -> None:
    async with talking() as (server, connections):
        for number in range(3):
            assert await post(connections, f"{number}é".encode()) == (200, b"ok")
    assert server.connections == 1
    head, _, body = server.requests[2].partition(b"\r\n\r\n")
    assert body == "2é".encode()
    assert head.startswith(b"POST /api/v1/messages HTTP/1.1\r\nHost: localhost:")
    assert b"\r\nAuthorization: Bearer of-nobody\r\n" in head


async def test_requests_at_the_same_time_have_a_connection_each() -> None:
    async with talking() as (server, connections):
        assert await asyncio.gather(*(post(connections) for _ in range(20))) == [(200, b"ok")] * 20
        assert 1 < server.connections <= 20
        opened = server.connections
        assert await asyncio.gather(*(post(connections) for _ in range(opened))) == [(200, b"ok")] * opened
        assert server.connections == opened


WHOLE = {
    "in pieces": ((b"HTTP/1.1 200 OK\r\nContent-Le", b"ngth: 5\r\n\r\nab", b"cde"), (200, b"abcde")),
    "chunked": (
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n", b"1\r\nc\r\n0\r\n\r\n"),
        (200, b"abc"),
    ),
    "announced": ((b"HTTP/1.1 103 Early Hints\r\n\r\n" + OK,), (200, b"ok")),
    "refused": ((b"HTTP/1.1 401 No\r\nContent-Length: 1\r\n\r\nx",), (401, b"x")),
    "without a body": ((b"HTTP/1.1 204 None\r\n\r\n",), (204, b"")),
    "then closed": ((b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx",), (200, b"x")),
    "ended by closing": ((b"HTTP/1.1 502 Away\r\n\r\n<html>", CLOSE), (502, b"<html>")),
    "moved": ((b"HTTP/1.1 307 There\r\nLocation: /v2\r\nContent-Length: 0\r\n\r\n",), (307, b"")),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_an_answer_of_any_shape_is_read_and_the_next_one_too(name: str) -> None:
    pieces, wanted = WHOLE[name]
    async with talking(pieces) as (server, connections):
        assert await post(connections, b"first") == wanted
        assert await post(connections, b"second") == (200, b"ok")
    assert [request.partition(b"\r\n\r\n")[2] for request in server.requests] == [b"first", b"second"]


NONE = {
    "closed": (CLOSE,),
    "half a head": (b"HTTP/1.1 200 OK\r\nContent", CLOSE),
    "no HTTP": (b"220 mail.example ESMTP\r\n",),
    "another protocol": (b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nx",),
    "two lengths": (b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",),
    "endless": (b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n", b"x" * ANSWER_BYTES),
}


@pytest.mark.parametrize("name", NONE)
async def test_what_is_no_whole_answer_is_none_and_the_next_request_has_its_own(name: str) -> None:
    async with talking(NONE[name]) as (server, connections):
        with pytest.raises(NoAnswer):
            await post(connections, b"first")
        assert await post(connections, b"second") == (200, b"ok")
    assert [request.partition(b"\r\n\r\n")[2] for request in server.requests] == [b"first", b"second"]
    assert server.connections == 2


async def test_an_endless_answer_is_told_apart() -> None:
    async with talking(NONE["endless"]) as (_, connections):
        with pytest.raises(AnswerTooBig, match="1000000 bytes"):
            await post(connections)


async def test_what_nobody_asked_for_is_nobodys_answer() -> None:
    surplus = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nanothe"
    async with talking((OK + surplus,)) as (server, connections):
        assert await post(connections) == (200, b"ok")
        assert await post(connections) == (200, b"ok")
        assert server.connections == 2


async def test_an_answer_that_is_late_is_not_taken_for_the_next() -> None:
    async with talking(silent=1, seconds=0.01) as (server, connections):
        tried, answer = 0, None
        while answer is None:  # each try waits twice as long as the one before
            tried += 1
            with suppress(AnswerLate):
                answer = await post(connections)
        assert answer == (200, b"ok")
        assert server.connections == tried > 1


class Clock:
    """What a connection needs of a loop, with the clock in the test's hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.due: list[tuple[float, Callable[[], None]]] = []

    def time(self) -> float:
        return self.now

    def create_future(self) -> asyncio.Future[Answer]:
        return asyncio.get_running_loop().create_future()

    def call_later(self, seconds: float, look: Callable[[], None]) -> asyncio.TimerHandle:
        self.due.append((self.now + seconds, look))
        return asyncio.get_running_loop().call_later(3600, look)

    def go_to(self, moment: float) -> None:
        self.now = moment
        due, self.due = self.due, []
        for at, look in due:
            if at <= moment:
                look()
            else:
                self.due.append((at, look))


class Nowhere(asyncio.Transport):
    """Takes what is written; the test itself brings what is answered."""

    def write(self, data: bytes | bytearray | memoryview) -> None:
        pass


async def test_an_answer_that_keeps_coming_is_waited_for() -> None:
    clock = Clock()
    connection = _Connection(cast("Any", clock), answer_bytes=ANSWER_BYTES)
    connection.connection_made(Nowhere())
    answer = connection.ask(b"", seconds=20)
    connection.data_received(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n")
    for moment in (15.0, 30.0):
        clock.go_to(moment)
        connection.data_received(b"x")
    clock.go_to(45.0)
    assert not answer.done()
    clock.go_to(50.0)
    with pytest.raises(AnswerLate):
        await answer


async def test_a_connection_that_its_server_left_is_not_used_again() -> None:
    async with talking((OK, CLOSE)) as (server, connections):
        assert await post(connections) == (200, b"ok")
        async with asyncio.timeout(PATIENCE):
            while connections.count_open():
                await asyncio.sleep(0.001)
        assert await post(connections) == (200, b"ok")
    assert server.connections == 2


async def test_a_server_that_is_not_there_got_nothing() -> None:
    with pytest.raises(NeverLeft):
        await post(KeptConnections(f"http://127.0.0.1:{free_port()}", headers={}, seconds=PATIENCE))


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost that nobody vouches for, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    kept = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path = tmp_path_factory.mktemp("tls") / "localhost.pem"
    path.write_bytes(kept + made.public_bytes(pem))
    return path


@pytest.mark.parametrize("is_trusted", [True, False])
async def test_a_server_proves_who_it_is(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, *, is_trusted: bool
) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    if is_trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    async with talking(tls=tls) as (server, connections):
        if is_trusted:
            assert [await post(connections) for _ in range(2)] == [(200, b"ok")] * 2
            assert server.connections == 1
        else:
            with pytest.raises(NeverLeft, match="SSLCertVerificationError"):
                await post(connections)
            assert not server.requests


@pytest.mark.skipif(sys.platform == "win32", reason="uvloop does not exist for Windows")
@pytest.mark.parametrize(
    "test",
    [
        test_requests_share_a_connection_and_are_whole,
        test_what_nobody_asked_for_is_nobodys_answer,
        test_an_answer_that_is_late_is_not_taken_for_the_next,
        test_a_connection_that_its_server_left_is_not_used_again,
        test_a_server_that_is_not_there_got_nothing,
    ],
)
def test_the_loop_of_the_bot_does_the_same(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(test())
