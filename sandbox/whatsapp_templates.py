"""The templates of an emulated account: reviewed, approved, paused; and what a send must bring for one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.whatsapp_checks import (
    DISABLED,
    INVALID_PARAMETER,
    INVALID_VALUE,
    NO_TEMPLATE,
    PARAMETER_COUNT,
    PARAMETER_FORMAT,
    PAUSED,
    GraphRefusal,
)
from sandbox.wire import CloudApiObject

# of a template's body, developers.facebook.com/documentation/business-messaging/whatsapp/templates
BODY_CHARS = 1024
NAME = re.compile(r"[a-z0-9_]{1,512}")
CATEGORIES = frozenset({"UTILITY", "MARKETING", "AUTHENTICATION"})
_NAMED = re.compile(r"\{\{\s*([a-z_][a-z0-9_]*)\s*\}\}")
_NUMBERED = re.compile(r"\{\{\s*(\d+)\s*\}\}")
_SENDABLE = frozenset({"APPROVED"})
_WHY_NOT = {"PAUSED": PAUSED, "DISABLED": DISABLED}


@dataclass(slots=True)
class EmulatedTemplate:
    """One template in one language."""

    id: str
    name: str
    language: str
    category: str
    components: list[CloudApiObject]
    parameter_format: str = "POSITIONAL"
    status: str = "PENDING"

    def part(self, kind: str) -> CloudApiObject:
        """The component of a kind (BODY, BUTTONS …); {} when it has none."""
        return next((part for part in self.components if part.get("type", "").upper() == kind), {})

    def wanted(self) -> list[str]:
        """The names or numbers of the body's parameters, in order."""
        pattern = _NAMED if self.parameter_format == "NAMED" else _NUMBERED
        return list(dict.fromkeys(pattern.findall(str(self.part("BODY").get("text", "")))))

    def to_json(self) -> CloudApiObject:
        """The template as the account lists it."""
        return {
            "id": self.id,
            "name": self.name,
            "language": self.language,
            "category": self.category,
            "status": self.status,
            "parameter_format": self.parameter_format,
            "components": self.components,
        }


@dataclass(slots=True)
class Templates:
    """The templates of one account, by name and language."""

    known: dict[tuple[str, str], EmulatedTemplate] = field(default_factory=dict)
    review: str = "APPROVED"  # what a new template becomes at once; "PENDING" leaves it to be decided

    def create(self, body: Mapping[str, Any]) -> EmulatedTemplate:
        """Take a new template in; raises GraphRefusal."""
        made = _read_template(body, number=9_000_000 + len(self.known))
        name, language = made.name, made.language
        if (name, language) in self.known:
            raise GraphRefusal(INVALID_PARAMETER, "Content in this language already exists")
        _check_body(made)
        made.status = self.review
        self.known[name, language] = made
        return made

    def listed(self, query: Mapping[str, str]) -> list[CloudApiObject]:
        """The templates a query asks for (`name`, `status`, `language`), oldest first."""
        every = list(self.known.values())
        for key in ("name", "status", "language", "category"):
            if query.get(key):
                every = [
                    template
                    for template in every
                    if getattr(template, key) in query[key].replace("[", "").replace('"', "")
                ]
        return [template.to_json() for template in every]

    def filled(self, body: Any) -> tuple[EmulatedTemplate, str, list[tuple[str, str]]]:
        """Check a send of a template; returns it, its text and its quick replies as (label, payload).

        Raises GraphRefusal.
        """
        if not isinstance(body, Mapping):
            raise GraphRefusal(INVALID_PARAMETER, "The parameter template is required")
        name, language = str(body.get("name")), str((body.get("language") or {}).get("code"))
        template = self.known.get((name, language))
        if template is None:
            raise GraphRefusal(
                NO_TEMPLATE, f"template name ({name}) does not exist in {language}", status=404
            )
        if template.status not in _SENDABLE:
            raise GraphRefusal(
                _WHY_NOT.get(template.status, NO_TEMPLATE), f"template status is {template.status}"
            )
        components = body.get("components") or []
        return template, _fill_body(template, components), _list_quick_replies(template, components)


def _read_template(body: Mapping[str, Any], *, number: int) -> EmulatedTemplate:
    """Read what a new template is to be; raises GraphRefusal."""
    name = str(body.get("name", ""))
    if not NAME.fullmatch(name):
        raise GraphRefusal(
            INVALID_PARAMETER, "Template name must be lower-case letters, digits and underscores"
        )
    category, components = str(body.get("category", "")).upper(), body.get("components")
    if category not in CATEGORIES:
        raise GraphRefusal(INVALID_PARAMETER, "category is not known")
    if not isinstance(components, list):
        raise GraphRefusal(INVALID_PARAMETER, "components are required")
    return EmulatedTemplate(
        id=str(number),
        name=name,
        language=str(body.get("language", "")),
        category=category,
        components=components,
        parameter_format=str(body.get("parameter_format") or "POSITIONAL").upper(),
    )


def _check_body(template: EmulatedTemplate) -> None:
    text = template.part("BODY").get("text")
    if not isinstance(text, str) or not 1 <= len(text) <= BODY_CHARS:
        raise GraphRefusal(INVALID_VALUE, f"body must have 1 to {BODY_CHARS} characters")
    stripped = (_NAMED if template.parameter_format == "NAMED" else _NUMBERED).sub("\0", text).strip()
    if stripped.startswith("\0") or stripped.endswith("\0"):
        raise GraphRefusal(INVALID_VALUE, "Variables can't be at the start or end of the template")
    examples = template.part("BODY").get("example") or {}
    if template.wanted() and not examples:
        raise GraphRefusal(INVALID_VALUE, "variables need example values")


def _fill_body(template: EmulatedTemplate, components: list[Mapping[str, Any]]) -> str:
    body_part = next((part for part in components if str(part.get("type", "")).lower() == "body"), {})
    parameters = list(body_part.get("parameters") or ())
    wanted = template.wanted()
    if len(parameters) != len(wanted):
        raise GraphRefusal(
            PARAMETER_COUNT,
            f"body: number of localizable_params ({len(parameters)})"
            f" does not match the expected ({len(wanted)})",
        )
    text = str(template.part("BODY")["text"])
    for position, parameter in enumerate(parameters):
        name = (
            str(parameter.get("parameter_name") or "")
            if template.parameter_format == "NAMED"
            else wanted[position]
        )
        if name not in wanted:
            raise GraphRefusal(PARAMETER_FORMAT, f"Parameter name {name!r} is missing or wrong")
        value = str(parameter.get("text") or "")
        if not value.strip() or "\n" in value or "\t" in value or "    " in value:
            raise GraphRefusal(PARAMETER_FORMAT, "Param text cannot be empty or have new-line/tab characters")
        text = re.sub(r"\{\{\s*" + re.escape(name) + r"\s*\}\}", value.replace("\\", r"\\"), text)
    return text


def _list_quick_replies(
    template: EmulatedTemplate, components: list[Mapping[str, Any]]
) -> list[tuple[str, str]]:
    labels = [button["text"] for button in template.part("BUTTONS").get("buttons", ())]
    payloads = {
        int(part.get("index", 0)): str((part.get("parameters") or [{}])[0].get("payload", ""))
        for part in components
        if str(part.get("type", "")).lower() == "button"
    }
    if set(payloads) - set(range(len(labels))):
        raise GraphRefusal(PARAMETER_COUNT, "buttons: index is out of range")
    return [(label, payloads.get(position) or label) for position, label in enumerate(labels)]
