"""Links of maps: the coordinates they carry, or that they carry none."""

from __future__ import annotations

import re
from urllib.parse import unquote

LINK = re.compile(r"(?:https?://|geo:|www\.)\S+|(?<![\w@])[\w-]+(?:\.[\w-]+)+/\S*", re.IGNORECASE)
_SHORT = re.compile(
    r"(?:maps\.app\.goo\.gl|goo\.gl|g\.co|bit\.ly|s\.id|tinyurl\.com|t\.co|osm\.org/go|share\.google"
    r"|waze\.com/ul/h)(?:/|[a-z0-9])",
    re.IGNORECASE,
)
_DEGREES = r"(?P<{}>[-+]?[0-9]{{1,3}}(?:\.[0-9]+)?)"
_LAT, _LNG = _DEGREES.format("lat"), _DEGREES.format("lng")
# The pin comes before the middle of the map: `@` tells where the person looked, `!3d!4d` the location.
_SHAPES = tuple(
    re.compile(shape)
    for shape in (
        rf"!3d{_LAT}!4d{_LNG}",
        rf"!8m2!3d{_LAT}!4d{_LNG}",
        rf"[?&]mlat={_LAT}&mlon={_LNG}",
        r"[?&#](?:q|query|ll|sll|daddr|destination|center|cp|pin|to|markers)=(?:loc:|ll\.)?"
        rf"{_LAT}(?:,|~)\s*{_LNG}",
        rf"^geo:{_LAT},{_LNG}",
        rf"/(?:place|search|dir|maps)/(?:[^/@]*/)?{_LAT},\s*{_LNG}(?=[/?@,]|$)",
        rf"/@{_LAT},{_LNG}",
        rf"#map=[0-9.]+/{_LAT}/{_LNG}",
    )
)
_PATH = re.compile(r"/(?:place|search|dir)/(?P<words>[^/@?]*°[^/@?]*)")


def location_in_link(link: str) -> tuple[float, float] | str:
    """Find the location a link carries, in degrees.

    Else the words of its path that may spell one, "short_link" for a link that only leads to another,
    "link" for one with no location in it.
    """
    text = unquote(link).replace("+", " ") if "%" in link or "+" in link else link
    text = re.sub(r"(?<=[,~=/])\s+(?=[-0-9])", "", text)
    for shape in _SHAPES:
        for match in reversed(list(shape.finditer(text))):
            location = float(match["lat"]), float(match["lng"])
            # geo:0,0?q=… says nothing
            if location != (0.0, 0.0) and abs(location[0]) <= 90 and abs(location[1]) <= 180:
                return location
    if path := _PATH.search(text):
        return path["words"]
    return "short_link" if _SHORT.search(link) else "link"
