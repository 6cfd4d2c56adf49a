"""Checks whether a link opens, without ever connecting to a private network (F22)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache, partial
from ipaddress import ip_address
from urllib.parse import SplitResult, urljoin, urlsplit

from domain.message import CheckedLink
from domain.reading.links import is_public_address, is_public_link

SECONDS = 6.0  # for a whole look, its redirects included
HOPS = 4  # addresses asked in a row
HEAD_BYTES = 16_384  # of an answer; its body is never read
ADDRESSES = 2  # of one name that are tried
NAMES_AT_ONCE = 8  # that are resolved; more wait, at most the time of their look
_RESOLVERS = ThreadPoolExecutor(NAMES_AT_ONCE, thread_name_prefix="link-names")
_MOVED = (301, 302, 303, 307, 308)
_GONE = (404, 410)
_CLOSED = (401, 403, 407)
_BUSY = (408, 425, 429)
# where shared folders and files send whoever is not signed in
_SIGN_IN_HOSTS = (
    "accounts.google.com",
    "login.microsoftonline.com",
    "login.live.com",
    "login.yahoo.com",
    "appleid.apple.com",
)
_SIGN_IN_PATHS = (
    "/login",
    "/signin",
    "/sign-in",
    "/servicelogin",
    "/accounts/login",
    "/wp-login.php",
    "/auth/login",
)

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Connect = Callable[[str, int, str], Awaitable[Streams]]


async def resolve(host: str, port: int) -> Sequence[str]:
    """Ask the machine's resolver for the addresses of a name; raises OSError.

    In threads of its own: a name that resolves slowly must not hold the threads of the platform's client.
    """
    ask = partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    addresses = await asyncio.get_running_loop().run_in_executor(_RESOLVERS, ask)
    return list(dict.fromkeys(str(entry[4][0]) for entry in addresses))


async def connect(address: str, port: int, server_name: str) -> Streams:
    """Open a connection to an address; with a `server_name` it is TLS for that name. Raises OSError."""
    context = _make_context() if server_name else None
    return await asyncio.open_connection(
        address, port, ssl=context, server_hostname=server_name or None, limit=HEAD_BYTES
    )


@cache
def _make_context() -> ssl.SSLContext:
    """Read the machine's certificates once: that takes as long as many turns."""
    return ssl.create_default_context()


class Links:
    """Looks at links; resolver and transport are given, so that a test needs no network."""

    def __init__(
        self, *, resolve: Resolve = resolve, connect: Connect = connect, seconds: float = SECONDS
    ) -> None:
        """`seconds` bound a whole look; 0 looks at nothing."""
        self._resolve = resolve
        self._connect = connect
        self._seconds = seconds

    async def look(self, url: str) -> CheckedLink:
        """Tell whether a link is live, dead, login, private or unknown; never raises for what the other
        side does.
        """
        if not self._seconds:
            return CheckedLink(url, "unknown")
        try:
            async with asyncio.timeout(self._seconds):
                return CheckedLink(url, await self._follow(url))
        except TimeoutError:
            return CheckedLink(url, "dead")

    async def _follow(self, url: str) -> str:
        """Follow redirects; each address is checked before anything connects to it."""
        for _ in range(HOPS):
            state, url = await self._ask(url)
            if not url:
                return state
        return "dead"

    async def _ask(self, url: str) -> tuple[str, str]:
        """Ask one address; returns the state, or where it points on."""
        if not is_public_link(url):
            return "private", ""
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
        try:
            addresses = await self._resolve(host, port)
        except (OSError, UnicodeError):
            return "dead", ""
        # all of them: a name that also answers with a private address is one that may change its mind
        if not addresses or not all(is_public_address(ip_address(a.partition("%")[0])) for a in addresses):
            return ("private" if addresses else "dead"), ""
        for address in addresses[:ADDRESSES]:
            try:
                return await self._send_head(parts, address, port=port)
            except ssl.SSLCertVerificationError:
                return "live", ""  # it answers; the person's browser says the rest
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError):
                continue
        return "dead", ""

    async def _send_head(self, parts: SplitResult, address: str, *, port: int) -> tuple[str, str]:
        """Send HEAD to the checked address itself, so that no second look-up can lead elsewhere."""
        host = parts.hostname or ""
        reader, writer = await self._connect(address, port, host if parts.scheme == "https" else "")
        try:
            writer.write(_write_request(parts))
            await writer.drain()
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
        return _read_answer(parts, head)


def _write_request(parts: SplitResult) -> bytes:
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    host = (
        (parts.hostname or "").encode("idna").decode()
        if not (parts.hostname or "").isascii()
        else parts.hostname
    )
    authority = host if parts.port is None else f"{host}:{parts.port}"
    lines = (
        f"HEAD {_to_ascii(target)} HTTP/1.1",
        f"Host: {authority}",
        "User-Agent: desk-inovasi",
        "Accept: */*",
    )
    return "\r\n".join((*lines, "Connection: close", "", "")).encode("ascii", "replace")


def _to_ascii(target: str) -> str:
    """Write what is not ASCII as per cent signs; white space and control characters cannot stand in a
    request line.
    """
    return "".join(c if "!" <= c <= "~" else "".join(f"%{byte:02X}" for byte in c.encode()) for c in target)


def _read_answer(parts: SplitResult, head: str) -> tuple[str, str]:
    status, *fields = head.split("\r\n")
    words = status.split(" ", 2)
    if len(words) < 2 or not words[0].startswith("HTTP/") or not words[1].isdecimal():
        raise ValueError("no HTTP answer")
    code = int(words[1])
    location = next(
        (line.split(":", 1)[1].strip() for line in fields if line.casefold().startswith("location:")), ""
    )
    if code in _MOVED and location:
        onward = urljoin(parts.geturl(), location)
        return ("login", "") if _asks_to_sign_in(onward) else ("", onward)
    return _name_state(code), ""


def _name_state(code: int) -> str:
    if code in _GONE:
        return "dead"
    if code in _CLOSED:
        return "login"
    return "unknown" if code >= 500 or code in _BUSY else "live"


def _asks_to_sign_in(url: str) -> bool:
    parts = urlsplit(url)
    path = parts.path.casefold().rstrip("/")
    return (parts.hostname or "").casefold() in _SIGN_IN_HOSTS or path.startswith(_SIGN_IN_PATHS)
