"""The desk hears when two offices hand in the same file (B16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain import buttons
from domain.draft.evidence import pieces_of
from domain.message import Choice, Rows
from domain.people import Role
from domain.rules.form import Answers
from domain.texts import Marked, Say
from handlers import notices, ui
from handlers.context import Context
from storage import audit, contacts, innovations, offices
from storage.contacts import Reachable
from storage.innovations import Innovation


def tell(ctx: Context, innovation: Innovation, *, before: Answers, changes: Mapping[str, Any]) -> None:
    """Tell every admin once about each new file that another office has handed in too."""
    for question, value in changes.items():
        for sha256, name in _list_new_files(before.get(question), value):
            others = innovations.offices_with_file(ctx.tx, sha256, but=innovation.office_id)
            if others:
                _tell(ctx, innovation, sha256=sha256, name=name, others=[other for _, other in others])


def _list_new_files(before: Any, after: Any) -> list[tuple[str, str]]:
    if not isinstance(after, list):
        return []  # no evidence, as of nearly every question
    hashes = {piece.sha256 for piece in pieces_of(before)}
    return [
        (piece.sha256, piece.name)
        for piece in pieces_of(after)
        if piece.is_file and piece.sha256 not in hashes
    ]


def _tell(ctx: Context, innovation: Innovation, *, sha256: str, name: str, others: list[str]) -> None:
    audit.record(
        ctx.tx, "same_file", now=ctx.now, actor=ctx.person.id, innovation=innovation.id, sha256=sha256
    )
    office = offices.load(ctx.tx, innovation.office_id)

    def words(say: Say, _: Reachable) -> tuple[Marked, Rows]:
        title = ui.title(say, innovation.title)
        named = {
            "office": office.name if office else "",
            "title": title,
            "file": name,
            "others": ", ".join(others),
        }
        return say("same_file.told", **named), ((Choice(say("opens.innovations"), buttons.Open("inovasi")),),)

    notices.tell(
        ctx, f"same_file:{innovation.id}:{sha256}", people=contacts.posts(ctx.tx, Role.ADMIN), words=words
    )
