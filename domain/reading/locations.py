"""Locations as people write them: degrees in every usual spelling, and links of maps that carry them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from domain.reading.clean_text import DASHES, one_line
from domain.reading.map_links import LINK, location_in_link
from domain.reading.result import NotUnderstood, Understood

Location = tuple[float, float]  # degrees: latitude, longitude
Result = Understood[Location] | NotUnderstood

MAX_CHARS = 2_000  # links of maps are long
_MARKS = str.maketrans(
    {**dict.fromkeys("º˚⁰°ᵒ", "°"), **dict.fromkeys("'’‘′ʹ´`", "'"), **dict.fromkeys('"”“″', '"')}
)
# Open Location Code, https://github.com/google/open-location-code
_PLUS_CODE = re.compile(r"(?<![a-z0-9])[2-9cfghjmpqrvwx]{2,8}\+[2-9cfghjmpqrvwx]{2,3}(?![a-z0-9])")
# what people write for a hemisphere, a mark or an axis, longest first; capitals are ours, the text has none
_WORDS = (
    (r"lintang selatan|south latitude|selatan|south|ls|l\.s\.?|s(?![a-z])", "S"),
    (r"lintang utara|north latitude|utara|north|lu|l\.u\.?|n(?![a-z])", "N"),
    (r"bujur timur|east longitude|timur|east|bt|b\.t\.?|e(?![a-z])", "E"),
    (r"bujur barat|west longitude|barat|west|bb|b\.b\.?|w(?![a-z])", "W"),
    (r"derajat|degrees?|deg", "°"),
    (r"menit|minutes?|min(?=\s*[0-9]+(?:[.,][0-9]+)?\s*(?:detik|sec))", "'"),
    (r"detik|seconds?|sec", '"'),
    (r"minus|min|negatif", "-"),
    (r"latitude|lintang|lat", "A"),
    (r"longitude|bujur|long|lng|lon", "O"),
    (r"y(?=\s*[:=])", "A"),
    (r"x(?=\s*[:=])", "O"),
    (r"titik koordinat|koordinatnya|koordinat|coordinates?|titik|lokasi|gps|dan|and|dms|dd", " "),
)
_WORD = re.compile(
    "|".join(rf"(?P<w{n}>(?<![a-z])(?:{words})(?![a-z]))" for n, (words, _) in enumerate(_WORDS))
)
_NUMBER = r"[0-9]{1,2}(?![0-9])(?:[.,][0-9]+)?"
_ANGLE = (
    r"(?P<axis>[AO])?[\s:=.]*{before}[\s:=.]*(?P<sign>[-+])?\s*"
    r"(?<![0-9.])(?P<d>[0-9]{{1,3}}(?:[.,][0-9]+)?)(?![0-9])\s*"
    rf"(?:°\s*(?:(?P<m>{_NUMBER.replace('{', '{{').replace('}', '}}')})\s*'?\s*"
    rf"(?:(?P<s>{_NUMBER.replace('{', '{{').replace('}', '}}')})\s*(?:\"|'')?)?)?)?\s*{{behind}}"
)
_PREFIXED = re.compile(_ANGLE.format(before="(?P<h>[NSEW])", behind=""))
_SUFFIXED = re.compile(_ANGLE.format(before="", behind="(?P<h>[NSEW])?"))
_APART = re.compile(r"[\s,;/|()\[\].:=&AO]*")
_COLONS = re.compile(r"([0-9]{1,3}):([0-9]{1,2}):([0-9]{1,2}(?:[.,][0-9]+)?)")
_SPACES = r"([0-9]{1,3})[\s-]+([0-9]{1,2})[\s-]+([0-9]{1,2}(?:[.,][0-9]+)?)"
_SPACED_BEFORE, _SPACED_BEHIND = (
    re.compile(rf"{_SPACES}(?=\s*[NSEW])"),
    re.compile(rf"(?<=[NSEW])\s*{_SPACES}"),
)
# "2d31m52s S"
_WITH_UNIT_NAMES = re.compile(r"([0-9]{1,3}) d ([0-9]{1,2}) m ([0-9]{1,2}(?:[.,][0-9]+)?) s(?= ?[a-z])")
_PARTS = re.compile(r"(?<=[NSEW])\s*-\s+(?=[0-9])")  # "02°32'00" LS – 112°57'00" BT"
_DMS = r"""\1°\2'\3" """
FINE = 3  # decimals, from which a pair amid other words is a location: 100 m
ROUND = 2  # decimals that are left of the other one where it ends in zeros


@dataclass(frozen=True, slots=True)
class _Angle:
    """One angle: its value, the hemisphere or axis that was written, and whether it could be a house
    number.
    """

    value: float
    axis: str  # "lat", "lng" or ""
    coarse: bool
    fine: bool
    rounded: bool  # fine enough beside a fine one
    whole: bool  # of degrees, without minutes


def read_location(text: str) -> Result:
    """Read a latitude and a longitude, in degrees; a pair amid other words is not sure.

    Reasons of a refusal: empty, unreadable, short_link (it carries no coordinates), link (none in it),
    plus_code.
    """
    if not text.strip():
        return NotUnderstood("empty", text)
    if len(text) > MAX_CHARS:
        return NotUnderstood("unreadable", text)
    if link := LINK.search(text):
        result = _read_link(link[0], text)
        beside = (
            NotUnderstood("", text)
            if isinstance(result, Understood)
            else _read_pair(_fold_marks(LINK.sub(" ", text)), text)
        )
        # a short link and the coordinates beside it
        return beside if isinstance(beside, Understood) else result
    if _PLUS_CODE.search(one_line(text).casefold()):
        return NotUnderstood("plus_code", text)
    return _read_pair(_fold_marks(text), text)


def _read_link(link: str, said: str) -> Result:
    location = location_in_link(link)
    if isinstance(location, tuple):
        return Understood(location, True, said)
    if location in ("short_link", "link"):
        return NotUnderstood(location, said)
    inside = _read_pair(_fold_marks(location), said)  # a path such as /place/2°31'52"S+112°57'12"E
    return inside if isinstance(inside, Understood) else NotUnderstood("link", said)


def _fold_marks(text: str) -> str:
    """Fold case and spellings; what people write for hemispheres and axes becomes one capital each."""
    clean = one_line(text).translate(DASHES).translate(_MARKS)
    plain = "".join(str(int(c)) if c.isdecimal() else c for c in clean).casefold()
    apart = re.sub(r"(?<=[0-9])(?=[a-z])|(?<=[a-z])(?=[0-9])", " ", plain)
    apart = _WITH_UNIT_NAMES.sub(r"""\1°\2'\3" """, apart)
    marked = _WORD.sub(lambda match: _WORDS[int(str(match.lastgroup)[1:])][1], apart)
    return _PARTS.sub("; ", marked)


def _read_pair(clean: str, said: str) -> Result:
    prefixed = re.match(r"[\s:(]*(?:[AO][\s:=.]*)?[NSEW]", clean) is not None
    spread = _COLONS.sub(_DMS, clean)
    spread = (_SPACED_BEHIND if prefixed else _SPACED_BEFORE).sub(_DMS, spread)
    matches = list((_PREFIXED if prefixed else _SUFFIXED).finditer(spread))
    if len(matches) != 2:
        return NotUnderstood("unreadable", said)
    first, second = matches
    angles = [_read_angle(match) for match in matches]
    location = _make_location(angles[0], angles[1]) if angles[0] and angles[1] else None
    if location is None or angles[0] is None or angles[1] is None:
        return NotUnderstood("unreadable", said)
    rest = (spread[: first.start()], spread[first.end() : second.start()], spread[second.end() :])
    alone = all(_APART.fullmatch(piece) for piece in rest)
    both = (angles[0].fine or angles[1].fine) and angles[0].rounded and angles[1].rounded
    if (not alone and not both) or (angles[0].coarse and angles[1].coarse):
        return NotUnderstood("unreadable", said)  # "Jl. Pelita No 3 Km 105"
    whole_degrees = angles[0].whole and angles[1].whole  # 100 km and more
    return Understood(location, alone and not whole_degrees, said)


_AXIS_OF_SIDE = {"N": "lat", "S": "lat", "E": "lng", "W": "lng"}
_AXIS_OF_NAME = {"A": "lat", "O": "lng"}  # our marks for an axis that is named


def _read_angle(match: re.Match[str]) -> _Angle | None:
    """Work out one angle; None for minutes past 59, a fraction of a degree with minutes, or a sign that
    fights.
    """
    degrees, minutes, seconds = (_read_decimal(match[name]) for name in ("d", "m", "s"))
    whole = "." not in match["d"] and "," not in match["d"]
    side = match["h"] or ""
    if minutes >= 60 or seconds >= 60 or (match["sign"] == "-" and side in ("N", "E")):
        return None
    if (match["m"] and not whole) or (match["s"] and not match["m"].isdigit()):
        return None
    value = degrees + minutes / 60 + seconds / 3600
    axis = _AXIS_OF_SIDE.get(side) or _AXIS_OF_NAME.get(match["axis"] or "", "")
    decimals = 0 if whole else len(re.split("[.,]", match["d"])[1])
    marked = bool(match["m"] or side or "°" in match[0])
    return _Angle(
        -value if match["sign"] == "-" or side in ("S", "W") else value,
        axis,
        coarse=whole and not marked,
        fine=decimals >= FINE or bool(match["m"]),
        rounded=decimals >= ROUND or bool(match["m"]),
        whole=whole and not match["m"],
    )


def _read_decimal(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0


def _make_location(first: _Angle, other: _Angle) -> Location | None:
    if first.axis and first.axis == other.axis:
        return None
    if first.axis == "lng" or other.axis == "lat":
        first, other = other, first
    fits = abs(first.value) <= 180 and abs(other.value) <= 180
    return (first.value, other.value) if fits else None
