"""Names the lines of the audit that are a change and do not say what was before and what is after."""

from __future__ import annotations

import json
from typing import Any

Connection = Any  # of either engine

REFUSED = "refused_"  # how the name of every refusal begins: nothing changed
# what was asked, made or seen, and changed nothing that was before
SEEN = {
    "broadcast_exported", "export_asked", "own_data_asked", "proof.made", "restored_messages.refused",
    "same_file", "turn_given_up", "wrong_code",
}  # fmt: skip
# what stands in lines of its own: the roles that were given, the rows of a list
TOLD_APART = {"enrolled", "list_imported", "roster_bound", "self_invited"}
# what begins with the line; its number is the whole of it
BEGUN = {"consent_declined", "innovation_copied", "link_code_made", "link_offered", "review_alone"}
# a name or a whole person, which the audit never carries
PERSONAL = {"erased", "roster_changed"}
NO_CHANGE = SEEN | TOLD_APART | BEGUN | PERSONAL
BOTH = {"before", "after"}


def is_change(action: str) -> bool:
    """Whether a line with this name tells of a change that has a before and an after."""
    return not action.startswith(REFUSED) and action not in NO_CHANGE


def half_told(connection: Connection) -> list[str]:
    """Name every change in the audit that lacks a before or an after, each name once."""
    rows = connection.execute("SELECT action, detail FROM audit ORDER BY id").fetchall()
    return sorted(
        {action for action, detail in rows if is_change(action) and not json.loads(detail).keys() >= BOTH}
    )
