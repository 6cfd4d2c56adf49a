"""Who an announcement is for: roles, groups of offices, single offices and where they stand, with exclusions.

Everything chosen is combined:
1. A leader or the desk is addressed by role alone.
2. An office is meant when its group or it itself is chosen, or when neither is; what is left out is left out.
3. A single office beats its group: "all districts but Baamang", "no districts, but Baamang".
4. Where states are chosen, an office must stand in one of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace
from typing import Any

from domain.people import Role

_CYCLE = {"": "with", "with": "without", "without": ""}  # what a tap on a group or an office does


@dataclass(frozen=True, slots=True)
class Audience:
    """The people an announcement is for; without any choice it is for nobody."""

    roles: frozenset[str] = field(default_factory=frozenset)
    kinds: frozenset[str] = field(default_factory=frozenset)
    offices: frozenset[int] = field(default_factory=frozenset)
    states: frozenset[str] = field(default_factory=frozenset)
    without_kinds: frozenset[str] = field(default_factory=frozenset)
    without_offices: frozenset[int] = field(default_factory=frozenset)

    @property
    def wants_offices(self) -> bool:
        """Whether focal points are addressed at all: by role, or by anything said about their offices."""
        return Role.FOCAL_POINT.value in self.roles or bool(self.kinds or self.offices or self.states)

    @property
    def others(self) -> frozenset[str]:
        """The roles that have no office."""
        return self.roles - {Role.FOCAL_POINT.value}

    @property
    def is_empty(self) -> bool:
        """Whether nobody can be meant."""
        return not (self.wants_offices or self.others)

    def mark_of(self, *, kind: str = "", office: int = 0) -> str:
        """Return whether a group or an office is taken in ("with"), left out ("without") or neither ("")."""
        chosen, left_out = (self.kinds, self.without_kinds) if kind else (self.offices, self.without_offices)
        wanted: Any = kind or office
        if wanted in chosen:
            return "with"
        return "without" if wanted in left_out else ""

    def toggled(self, *, role: str = "", state: str = "") -> Audience:
        """Choose a role or a state, or take it back."""
        if role:
            return replace(self, roles=self.roles ^ {role})
        return replace(self, states=self.states ^ {state})

    def turned(self, *, kind: str = "", office: int = 0) -> Audience:
        """Change the mark of a group or an office: taken in, then left out, then neither."""
        after = _CYCLE[self.mark_of(kind=kind, office=office)]
        if kind:
            chosen, left_out = _move_choice(self.kinds, self.without_kinds, choice=kind, after=after)
            return replace(self, kinds=chosen, without_kinds=left_out)
        with_it, without_it = _move_choice(self.offices, self.without_offices, choice=office, after=after)
        return replace(self, offices=with_it, without_offices=without_it)

    def to_json(self) -> str:
        """Write what was chosen, the same choice always the same way."""
        values = {f.name: sorted(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}
        return json.dumps(values)

    @classmethod
    def from_json(cls, raw: str) -> Audience:
        """Read back what `to_json` wrote."""
        return cls(**{name: frozenset(values) for name, values in json.loads(raw).items()})


def _move_choice(
    chosen: frozenset[Any], left_out: frozenset[Any], *, choice: Any, after: str
) -> tuple[Any, Any]:
    chosen, left_out = chosen - {choice}, left_out - {choice}
    return (chosen | {choice} if after == "with" else chosen), (
        left_out | {choice} if after == "without" else left_out
    )
