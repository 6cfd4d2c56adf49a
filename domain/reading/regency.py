"""The regency this desk serves, as data (regency.toml): its name and the box it lies in."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain.reading.places import Place


@dataclass(frozen=True, slots=True)
class Regency:
    """A regency and its box, in degrees; south and west are negative."""

    name: str
    south: float
    north: float
    west: float
    east: float

    def holds(self, place: Place) -> bool:
        """Tell whether a place lies in the box."""
        return self.south <= place[0] <= self.north and self.west <= place[1] <= self.east

    def likely(self, place: Place) -> tuple[Place, ...]:
        """List the slips of a place outside that would lie inside: turned round, or a minus left out."""
        latitude, longitude = place
        slips = ((longitude, latitude), (-latitude, longitude), (-longitude, latitude))
        return () if self.holds(place) else tuple(slip for slip in slips if self.holds(slip))


@cache
def regency() -> Regency:
    """Read the packaged regency once."""
    data = tomllib.loads((files("domain") / "data" / "regency.toml").read_text("utf-8"))
    return Regency(data["name"], **data["box"])
