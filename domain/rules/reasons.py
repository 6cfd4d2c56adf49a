"""Reasons the desk gives often, as data; a reason of one's own can always be typed instead."""

from __future__ import annotations

from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from domain.rules.form import Words
from domain.rules.load import read

Use = Literal["profile", "indicator", "level", "reject"]
REASON_CHARS = 400  # of a reason that is typed


class Reason(BaseModel):
    """One reason: what the desk taps, and what the office reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, Field(pattern=r"^[a-z_]{2,12}$")]
    uses: Annotated[tuple[Use, ...], Field(min_length=1)]
    label: Words  # on the button
    text: Words  # what is kept and sent


class Reasons(BaseModel):
    """Every packaged reason."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reasons: Annotated[tuple[Reason, ...], Field(alias="reason", min_length=1)]

    @model_validator(mode="after")
    def _each_once(self) -> Reasons:
        if len({reason.id for reason in self.reasons}) != len(self.reasons):
            raise ValueError("a reason's id stands twice")
        return self

    @cached_property
    def by_id(self) -> dict[str, Reason]:
        return {reason.id: reason for reason in self.reasons}

    def of(self, use: str) -> tuple[Reason, ...]:
        """The reasons that fit an occasion, in the order of the file."""
        return tuple(reason for reason in self.reasons if use in reason.uses)


@cache
def load_reasons() -> Reasons:
    """Read the packaged reasons; raises RulesError naming file, key, value and expectation."""
    return read(
        Reasons, (files("domain") / "data" / "reasons.toml").read_text(encoding="utf-8"), name="reasons.toml"
    )
