"""What keeps a link behind words from being sent: it leads nowhere public, or its words name another site."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from domain.announcing.linked_words import LinkedWords
from domain.reading.links import is_public_link

_HOST = re.compile(r"(?:[\w-]+\.)+([A-Za-z]{2,})")  # in words: what looks like the name of a site
_FILE_ENDINGS = frozenset("pdf doc docx xls xlsx ppt pptx jpg jpeg png zip csv".split())  # noqa: SIM905


def find_fault(link: LinkedWords) -> str:
    """Say why a link is not sent: "address" or "disguise"; "" when nothing stands against it."""
    if not is_public_link(link.address) or not link.address.isascii():
        return "address"
    host = (urlsplit(link.address).hostname or "").removeprefix("www.")
    for named in _HOST.finditer(link.words.casefold()):
        site = named[0].removeprefix("www.")
        if named[1] not in _FILE_ENDINGS and host != site and not host.endswith(f".{site}"):
            return "disguise"
    return ""
