"""The people of the sandbox: the ready ones of each channel, and a focal point for every other office."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from domain.people import Role
from domain.rules.load import load_offices

TELEGRAM, WHATSAPP = "telegram", "whatsapp"
# good for one enrolment in the sandbox: the stranger of each channel, and the office
STRANGERS_CODES = {TELEGRAM: ("RuangLatihan-001", "dlh"), WHATSAPP: ("RuangLatihan-002", "dispora")}
FIRST_ADDRESS, FIRST_PHONE = {TELEGRAM: "11{:02}", WHATSAPP: "ID.21{:02}"}, "6281100011{:02}"


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody the page can talk as."""

    channel: str
    address: str
    name: str
    about: str
    role: Role | None
    office: str
    phone: str  # digits with the country code, or ""
    about_en: str = ""


@dataclass(frozen=True, slots=True)
class Idea:
    """An innovation an office has not handed in: a draft, or one more in a busy week."""

    office: str
    title: str
    affair: str


def people() -> dict[str, tuple[DemoPerson, ...]]:
    """List the people of each channel, the ready ones first."""
    entries = _load("people.toml")
    others = tuple(_list_others())
    return {
        channel: (
            *(_person(channel, entry) for entry in entries[channel]),
            *(person for person in others if person.channel == channel),
        )
        for channel in STRANGERS_CODES
    }


def ideas() -> dict[str, Idea]:
    """Load what offices have not handed in yet, by office."""
    entries = _load("focal_points.toml")["focal_point"]
    return {e["office"]: Idea(e["office"], e["idea"], e["affair"]) for e in entries if "idea" in e}


@cache
def _load(name: str) -> Mapping[str, Any]:
    return tomllib.loads((files("sandbox") / name).read_text(encoding="utf-8"))


def _person(channel: str, entry: Mapping[str, Any]) -> DemoPerson:
    code, _ = STRANGERS_CODES[channel]
    return DemoPerson(
        channel,
        str(entry["address"]),
        entry["name"],
        entry["about"]["id"].format(code=code),
        Role(entry["role"]) if "role" in entry else None,
        entry.get("office", ""),
        entry["phone"],
        entry["about"]["en"].format(code=code),
    )


def _list_others() -> Iterator[DemoPerson]:
    names = {office.code: office.name for office in load_offices()}
    for number, entry in enumerate(_load("focal_points.toml")["focal_point"], 1):
        channel, office = entry.get("channel", TELEGRAM), entry["office"]
        yield DemoPerson(
            channel,
            FIRST_ADDRESS[channel].format(number),
            entry["name"],
            f"PIC inovasi {names[office]}",
            Role.FOCAL_POINT,
            office,
            FIRST_PHONE.format(number),
            f"Focal point of {names[office]}",
        )
