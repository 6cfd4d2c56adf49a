"""Links as people type them, and which of them lead into the public internet."""

from __future__ import annotations

import re
import unicodedata
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from domain.message import plain

MAX_LINK_CHARS = 2_000
# two may stand without a space
_LINK = re.compile(r"https?://(?:(?!https?://)[^\s<>\"‹›«»“”„])+", re.IGNORECASE)
_BARE = re.compile(r"(?:www\.[\w-]+\.\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+)", re.IGNORECASE)
_CARRIES_IPV4 = (  # an IPv4 address in the last 32 bits
    ip_network("64:ff9b::/96"),  # RFC 6052
    ip_network("::ffff:0:0:0/96"),  # RFC 2765, written ::ffff:0:a.b.c.d
)
_NO_PUBLIC = (
    # IPv4-compatible, RFC 4291 2.5.5.1: nobody's since 2006, but some systems still follow it
    ip_network("::/96"),
    ip_network("64:ff9b:1::/48"),  # RFC 8215: translation inside one network
)
_IPV4_PART = re.compile(r"0x[0-9a-f]*|[0-9]+")
_OWN_NAMES = (
    ".local",
    ".localhost",
    ".internal",
    ".lan",
    ".home.arpa",
    ".intranet",
    ".corp",
    ".test",
    ".invalid",
)


_SLIPPED = re.compile(
    r"\b(?:h?t{1,3}ps?s?|htps?|hhttps?|htpps?)\s*[;:,.]*\s*/{1,3}\s*[;:]?/{0,2}\s*(?=(?:[\w-]+\.)+[a-z]{2,})",
    re.IGNORECASE,
)  # "https;//", "https:/", "htps://", "https ://"
_DOMAIN = re.compile(
    r"(?:[\w-]+\.)+(?:id|com|net|org|info|biz|io|me|be|ly|gl|app|dev|site|online|xyz|tv|edu|gov|link|web)",
    re.IGNORECASE,
)
# ftp://…, javascript:…, C:\…, \\server\…
_NO_PAGE = re.compile(
    r"(?:^|\s)(?:(?!https?:)[a-z][a-z0-9+.-]*://|(?:ftp|javascript|mailto):\S|data:[a-z]+/|[a-z]:\\|\\\\\w)",
    re.IGNORECASE,
)
_WRAPPED = "\"'“”„‘’`<>‹›«»*([{"
_ENDS = ".,;:!?'’‘`*\"”|…"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def links_in(text: str) -> tuple[str, ...]:
    """Find the links in what was typed, each once, without what stands around them; also amid words.

    Words alone, each a domain with a path, are links without their scheme.
    """
    if "." not in text and "://" not in text:  # as in most of what is typed
        return ()
    text = plain(text).strip()
    if links := [_strip_end(_unmark(match)) for match in _LINK.finditer(text)]:
        return tuple(dict.fromkeys(links))
    words = [_strip_end(word.lstrip(_WRAPPED)) for word in text.split()]
    if words and all(_BARE.fullmatch(word) for word in words):
        return tuple(dict.fromkeys(f"https://{word}" for word in words))
    return ()


def link_in(text: str) -> str:
    """Find the first link in what was typed; "" when there is none."""
    return next(iter(links_in(text)), "")


def mended_link(text: str) -> str:
    """Find what is most likely meant for a link and is none yet: "https;//…", a domain alone; "" when
    nothing is.
    """
    text = plain(text).strip()
    if links_in(text):
        return ""
    if match := _SLIPPED.search(text):
        rest = text[match.end() :].split()
        return f"https://{_strip_end(rest[0])}" if rest else ""
    words = [_strip_end(word.lstrip(_WRAPPED)) for word in text.split()]
    meant = [word for word in words if _BARE.fullmatch(word) or _DOMAIN.fullmatch(word)]
    return f"https://{meant[0]}" if len(meant) == 1 else ""


def names_no_page(text: str) -> bool:
    """Whether a text holds an address that no browser opens as a page: of another scheme, or of a folder on
    somebody's own computer.
    """
    return _NO_PAGE.search(plain(text)) is not None


def _unmark(match: re.Match[str]) -> str:
    """Take off the end of "_https://…_", as a phone marks slanted text; a link may itself end in "_"."""
    marked = match.string[: match.start()].endswith(("_", "~"))
    return match[0].rstrip(".,;:!?").rstrip("_~") if marked else match[0]


def _strip_end(link: str) -> str:
    """Take off what ends the sentence around a link; a bracket that was opened inside it stays."""
    while link and (
        link[-1] in _ENDS or (link[-1] in _PAIRS and link.count(link[-1]) > link.count(_PAIRS[link[-1]]))
    ):
        link = link[:-1]
    return link


def is_public_link(text: str) -> bool:
    """Tell whether this is one http(s) address that does not point into a private network, nor carries a
    password.
    """
    try:
        parts = urlsplit(text)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or len(text) > MAX_LINK_CHARS or "@" in parts.netloc:
        return False
    if any(c.isspace() or not c.isprintable() for c in text):
        return False
    host = unicodedata.normalize("NFKC", host).replace("\u3002", ".").rstrip(".").casefold()
    try:
        return is_public_address(_read_ipv4(host) or ip_address(host.partition("%")[0]))
    except ValueError:
        return "." in host and not host.endswith(_OWN_NAMES)


def _read_ipv4(host: str) -> IPv4Address | None:
    """Read an IPv4 address as browsers do: one to four parts, decimal, octal (0177) or hexadecimal (0x7f).

    Rule: url.spec.whatwg.org#concept-ipv4-parser. None for a name; 0.0.0.0 for numbers that are no address.
    """
    parts = host.split(".")
    if ":" in host or not _IPV4_PART.fullmatch(parts[-1]):
        return None
    if len(parts) > 4 or not all(_IPV4_PART.fullmatch(part) for part in parts):
        return IPv4Address(0)
    values = [_read_number(part) for part in parts]
    if any(value > 255 for value in values[:-1]) or values[-1] >= 256 ** (5 - len(values)):
        return IPv4Address(0)  # no address at all, and no name either
    whole = values[-1] + sum(value << (24 - 8 * position) for position, value in enumerate(values[:-1]))
    return IPv4Address(whole)


def _read_number(part: str) -> int:
    if part.startswith("0x"):
        return int(part[2:] or "0", 16)
    if part.startswith("0") and part.isdecimal() and set(part) <= set("01234567"):
        return int(part, 8)
    return int(part[:20])


def is_public_address(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is on the public internet, also one that wraps another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if any(address in network for network in _CARRIES_IPV4):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public_address(inner)
        if any(address in network for network in _NO_PUBLIC):
            return False
        if address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast
