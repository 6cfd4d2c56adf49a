"""Templates as data: what may be sent to somebody who has not written for a day, where a channel asks for
that.

Limits: developers.facebook.com/documentation/business-messaging/whatsapp/templates
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.buttons.base import Button
from domain.buttons.for_everybody import Bell
from domain.message import WITHOUT_MARKS, Message, Template
from domain.rules.load import read
from domain.texts import LANGUAGES

Kind = Literal["reminder", "summary", "announcement", "returned", "period", "desk"]
KINDS: tuple[Kind, ...] = ("reminder", "summary", "announcement", "returned", "period", "desk")
TEXT_CHARS, BUTTON_CHARS = 1024, 20
VALUE_CHARS = 60  # of a parameter: the text around it says the rest
PARAMETER = re.compile(r"\{\{([a-z_]+)\}\}")


class _Words(BaseModel):
    """A template in one language."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: Annotated[str, Field(min_length=1, max_length=TEXT_CHARS)]
    button: Annotated[str, Field(min_length=1, max_length=BUTTON_CHARS)]

    @model_validator(mode="after")
    def _no_parameter_at_the_edge(self) -> _Words:
        if self.text.startswith("{{") or self.text.endswith("}}"):
            raise ValueError("expected words before the first and behind the last parameter")
        return self


class MessageTemplate(BaseModel):
    """One template in both languages; its parameters stand in both texts, each with an example for the
    reviewers.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9_]{1,512}$")]
    category: Literal["UTILITY"]  # what costs more or may be refused is not used
    follows: bool  # whether the message itself is kept and sent when the person taps
    parameters: Mapping[str, Annotated[str, Field(min_length=1, max_length=VALUE_CHARS)]]
    id: _Words
    en: _Words

    @model_validator(mode="after")
    def _parameters_agree(self) -> MessageTemplate:
        for language in LANGUAGES:
            used = set(PARAMETER.findall(self.in_(language).text))
            if used != set(self.parameters):
                raise ValueError(
                    f"{language}.text has the parameters {_list(used)}, expected {_list(self.parameters)}"
                )
        return self

    def in_(self, language: str) -> _Words:
        """Take the words of a language, Bahasa Indonesia unless it is "en"."""
        return self.en if language == "en" else self.id


def _list(names: set[str] | Mapping[str, str]) -> str:
    return ", ".join(sorted(names)) or "none"


@dataclass(frozen=True, slots=True)
class TemplateNews:
    """What a platform tells of a template of ours; "" where it says nothing new."""

    name: str
    language: str
    status: str = ""
    category: str = ""


Templates = Mapping[Kind, MessageTemplate]


def with_template(
    message: Message,
    template: MessageTemplate,
    *,
    language: str,
    parameters: Mapping[str, str] | None = None,
    opens: Button | None = None,
) -> Message:
    """Give a message what may be sent in its place; raises ValueError as `filled` does."""
    return replace(message, template=filled(template, language=language, parameters=parameters, opens=opens))


def filled(
    template: MessageTemplate,
    *,
    language: str,
    parameters: Mapping[str, str] | None = None,
    opens: Button | None = None,
) -> Template:
    """Fill a template; raises ValueError for a parameter that is missing, and for a button that leads
    nowhere.

    The person sees neither question nor choices, so the button answers nothing: where the message itself
    follows it asks for it, else it shows the page that is named as `opens`.
    """
    if opens is None and not template.follows:
        raise ValueError(f'template "{template.name}": no page for its button')
    values = {name: value_of(text) for name, text in (parameters or {}).items()}
    if set(values) != set(template.parameters):
        raise ValueError(
            f'template "{template.name}": found {_list(values)}, expected {_list(template.parameters)}'
        )
    return Template(
        name=template.name,
        language="en" if language == "en" else "id",
        parameters=tuple((name, values[name]) for name in template.parameters),
        payload=(Bell() if template.follows or opens is None else opens).data(),
        follows=template.follows,
    )


def value_of(text: str) -> str:
    """Write a value as a parameter takes it: one line, no marks, never empty."""
    line = " ".join(text.translate(WITHOUT_MARKS).split())
    return (line if len(line) <= VALUE_CHARS else f"{line[: VALUE_CHARS - 1].rstrip()}…") or "–"


@cache
def load_templates() -> Templates:
    """Read the packaged templates; raises RulesError naming file, key, value and expectation."""
    folder = files("domain") / "data" / "templates"
    return {
        kind: read(
            MessageTemplate, (folder / f"{kind}.toml").read_text(encoding="utf-8"), name=f"{kind}.toml"
        )
        for kind in KINDS
    }
