"""The words of the page, of its panel and its tour, in both languages, beside the code that says them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from domain.people import Contact, Role
from domain.reading.numbers import say_number
from domain.texts import LANGUAGES

FILES = ("panel", "tour", "phones")


class PanelWords:
    """The words of one language."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def __call__(self, key: str, **parameters: object) -> str:
        """Say a text; raises KeyError where there is none."""
        return self._texts[key].format(**parameters)

    def all_of(self, prefix: str) -> Mapping[str, str]:
        """Every text whose key begins so, by the rest of its key, as it stands in the file."""
        return {key.removeprefix(prefix): text for key, text in self._texts.items() if key.startswith(prefix)}


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says in one language what stands at a moment."""

    words: PanelWords
    now: datetime
    zone: ZoneInfo
    language: str

    def say_time(self, at: datetime) -> str:
        """Say a time of today as the hour, of another day with the day."""
        local, today = at.astimezone(self.zone), self.now.astimezone(self.zone).date()
        hour = f"{local:%H.%M}" if self.language == "id" else f"{local:%H:%M}"
        return hour if local.date() == today else f"{local.day}/{local.month} {hour}"

    def say_number(self, number: Decimal | int) -> str:
        """Say a number with the signs of the language."""
        return say_number(Decimal(number), self.language)

    def say_whom(self, contact: Contact, *, office: str) -> str:
        """Say who a message is for: by the post, where there is one; `office` is where a focal point is."""
        post = min(contact.roles, default=None)
        if post is Role.FOCAL_POINT and office:
            return self.words("panel.whom_focal_point", office=office)
        if post in (Role.LEADER, Role.ADMIN):
            return self.words(f"panel.whom_{post}", name=contact.name)
        return contact.name


@cache
def load_panel_words() -> Mapping[str, PanelWords]:
    """Read the words, by language; a key is the file's name and the entry's."""
    texts: dict[str, dict[str, str]] = {language: {} for language in LANGUAGES}
    for name in FILES:
        table = tomllib.loads((files("sandbox") / f"{name}.toml").read_text(encoding="utf-8"))
        for key, entry in table.items():
            for language in LANGUAGES:
                texts[language][f"{name}.{key}"] = entry[language]
    return {language: PanelWords(own) for language, own in texts.items()}
