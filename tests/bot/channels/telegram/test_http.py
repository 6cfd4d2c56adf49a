"""What the platform answers is read up to a limit, and what is no answer of ours is told as such."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from bot.channels import FateUnknown
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.http import BODY_BYTES, AiohttpRequest, AnswerTooBig, Calls, NoAnswer, decoded

PIECE = b" " * 1_000_000


class Server:
    """Answers each request with the next of its answers; a number is as many bytes without an end in
    sight.
    """

    def __init__(self, answers: Sequence[bytes | int], *, says_length: bool = False) -> None:
        self.answers, self.asked, self.sent, self._says_length = list(answers), list[bytes](), 0, says_length

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().splitlines()
            if line.startswith(b"content-length")
        )
        self.asked.append(await reader.readexactly(length))
        answer = self.answers.pop(0)
        size = answer if isinstance(answer, int) else len(answer)
        told = f"Content-Length: {size}\r\n" if self._says_length or isinstance(answer, bytes) else ""
        writer.write(f"HTTP/1.1 200 OK\r\n{told}Connection: close\r\n\r\n".encode())
        try:
            for piece in [answer] if isinstance(answer, bytes) else [PIECE] * (size // len(PIECE)):
                writer.write(piece)
                await writer.drain()
                self.sent += len(piece)
            writer.close()
        except (ConnectionError, asyncio.CancelledError):
            return  # the other side has heard enough

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self.answer, "127.0.0.1", 0)
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        finally:
            server.close()


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[tuple[Calls, AiohttpRequest]]:
    calls, files = Calls(url), AiohttpRequest()
    await files.initialize()
    try:
        yield calls, files
    finally:
        await calls.close()
        await files.shutdown()


@pytest.mark.parametrize("says_length", [True, False])
async def test_of_an_endless_answer_no_more_than_the_limit_is_read(says_length: bool) -> None:
    server = Server([60_000_000] * 2, says_length=says_length)
    async with server.running() as url, opened(url) as (calls, files):
        with pytest.raises(AnswerTooBig):
            await calls.ask("x", {})
        assert server.sent < BODY_BYTES + 10_000_000  # what lies in the buffers of both sides
        server.sent = 0
        with pytest.raises(NoAnswer):
            await files.do_request(f"{url}/x", "POST")
    assert server.sent < BODY_BYTES + 10_000_000  # what lies in the buffers of both sides


async def test_a_poll_that_is_too_big_is_asked_for_one_by_one() -> None:
    one = json.dumps({"ok": True, "result": [{"update_id": 7}]}).encode()
    server = Server([60_000_000, one], says_length=True)
    async with server.running() as url:
        channel = TelegramChannel("1:x", root=url)
        polled = await channel.poll(None, seconds=0)
        await channel._polls.close()
    assert polled.after == "7"
    assert json.loads(server.asked[1])["limit"] == 1


def test_a_number_of_thousands_of_digits_stays_text() -> None:
    assert decoded(b'{"result": [' + b"9" * 5000 + b", 12]}") == ["9" * 5000, 12]


@pytest.mark.parametrize(
    "payload", [b"", b"[]", b"{}", b"null", b"<html>", b"\xff\xfe", b"[" * 100_000, b'{"ok": true}']
)
def test_what_is_no_answer_is_told_as_such(payload: bytes) -> None:
    with pytest.raises(NoAnswer):
        decoded(payload)


async def test_an_answer_that_cannot_be_read_leaves_the_fate_unknown() -> None:
    server = Server([b"<html>"])
    async with server.running() as url:
        channel = TelegramChannel("1:x", root=url)
        with pytest.raises(FateUnknown):
            await channel.poll(None, seconds=0)
        await channel._polls.close()
