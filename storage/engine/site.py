"""Where a desk's database is: a file of SQLite, or a schema on a PostgreSQL server."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

SQLITE = "sqlite:///"
SCHEMES = ("postgresql", "postgres")
PUBLIC = "public"
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)
# before the last @, as a password may hold one unescaped, and among what the library takes behind the ?
_PASSWORDS = re.compile(r"""(//[^/@:?]*:)[^?]*(?=@)|([?&](?:ssl)?password=)[^&\s"']*""")


@dataclass(frozen=True, slots=True)
class Server:
    """A schema of a database on a PostgreSQL server; as text without its password."""

    url: str  # for the client library, without the schema
    schema: str = PUBLIC

    @property
    def address(self) -> str:
        """The whole address with its password, as `site_from` reads it."""
        return self._with_schema(self.url)

    def __str__(self) -> str:
        """Return the address as it may be printed."""
        return self._with_schema(without_passwords(self.url))

    def __repr__(self) -> str:
        return f"Server({str(self)!r})"

    @property
    def passwords(self) -> frozenset[str]:
        """The passwords of the address, as they stand there and as the server knows them."""
        written = {match[0].removeprefix(match[1] or match[2]) for match in _PASSWORDS.finditer(self.url)}
        return frozenset(written | {unquote(password) for password in written}) - {""}

    def without_passwords(self, said: str) -> str:
        """Return what a library said, in which it may quote the address, without its passwords."""
        for password in sorted(self.passwords, key=len, reverse=True):
            said = said.replace(password, "…")
        return said

    def _with_schema(self, url: str) -> str:
        if self.schema == PUBLIC:
            return url
        return f"{url}{'&' if '?' in url else '?'}schema={quote(self.schema)}"


Site: TypeAlias = Path | Server


def without_passwords(address: str) -> str:
    """Return an address as it may be printed, also one that cannot be read."""
    return _PASSWORDS.sub(lambda match: f"{match[1] or match[2]}…", address)


def site_from(address: str) -> Site:
    """Read an address of a database; raises ValueError with what was expected."""
    if address.split("://", 1)[0] in SCHEMES and "://" in address:
        return _server_from(address)
    path = address.removeprefix(SQLITE)
    if not path.strip("/"):
        raise ValueError(f"expected a file behind {SQLITE}")
    if "://" in path:
        raise ValueError(f"expected an address that begins with {SQLITE} or postgresql://")
    return Path(path)


def address_of(site: Site) -> str:
    """Return the address that `site_from` reads back; it may hold a password."""
    return site.address if isinstance(site, Server) else str(site)


def _server_from(address: str) -> Server:
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    schema = dict(pairs).get("schema", PUBLIC)
    if not _SCHEMA.fullmatch(schema):
        raise ValueError("expected a schema of small letters, digits and _, such as ?schema=desk")
    if not unquote(parts.path).strip("/"):
        raise ValueError(
            "expected the name of a database behind the server, such as postgresql://server/desk"
        )
    rest = urlencode([(name, value) for name, value in pairs if name != "schema"], quote_via=quote)
    url = f"postgresql://{parts.netloc}{parts.path}"
    return Server(f"{url}?{rest}" if rest else url, schema)
