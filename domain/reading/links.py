"""Links as people type them, and which of them lead into the public internet."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from domain.message import plain

MAX_LINK_CHARS = 2_000
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)
_BARE = re.compile(r"(?:www\.[\w-]+\.\S+|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/\S+)", re.IGNORECASE)
_CARRIES_IPV4 = ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address in its last 32 bits


def link_in(text: str) -> str:
    """Find the link in what was typed, also amid words or without its scheme; "" when there is none."""
    text = plain(text).strip()
    if found := _LINK.search(text):
        return found[0].rstrip(".,;)")
    return f"https://{text}" if _BARE.fullmatch(text) else ""


def is_public_link(text: str) -> bool:
    """Tell whether this is one http(s) address that does not point into a private network, nor carries a password."""
    try:
        parts = urlsplit(text)
        host, _ = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or len(text) > MAX_LINK_CHARS or "@" in parts.netloc:
        return False
    if any(c.isspace() or not c.isprintable() for c in text):
        return False
    try:
        return is_public_address(ip_address(host))
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal", ".lan", ".home.arpa"))


def is_public_address(address: IPv4Address | IPv6Address) -> bool:
    """Tell whether an address is on the public internet, also one that wraps another."""
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _CARRIES_IPV4:
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public_address(inner)
        if address.teredo or address.is_site_local:
            return False
    return address.is_global and not address.is_multicast
