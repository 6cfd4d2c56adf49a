"""The regency this desk serves, as data (regency.toml): its box on the map, its people, what is usual."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from domain.reading.locations import Location


@dataclass(frozen=True, slots=True)
class Regency:
    """A regency: its box in degrees, south and west negative, and counts of what is usual."""

    name: str
    south: float
    north: float
    west: float
    east: float
    people: int  # who live in it
    people_of_district: int  # in its largest kecamatan
    most: Mapping[str, int]  # counts that are usual at most, by the key of an indicator

    def holds(self, location: Location) -> bool:
        """Tell whether a location lies in the box."""
        return self.south <= location[0] <= self.north and self.west <= location[1] <= self.east

    def likely(self, location: Location) -> tuple[Location, ...]:
        """List the slips of a location outside that would lie inside: turned round, or a minus left out."""
        latitude, longitude = location
        slips = ((longitude, latitude), (-latitude, longitude), (-longitude, latitude))
        return () if self.holds(location) else tuple(slip for slip in slips if self.holds(slip))


@cache
def regency() -> Regency:
    """Read the packaged regency once."""
    data = tomllib.loads((files("domain") / "data" / "regency.toml").read_text("utf-8"))
    people = data["people"]
    return Regency(
        data["name"],
        **data["box"],
        people=people["regency"],
        people_of_district=people["largest_district"],
        most=data["most"],
    )
