"""Who holds which post, and whether they can be reached: never started, blocked, or reachable (B23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.people import Role
from storage import audit, exports
from storage.addresses import IS_OFF, TAKES
from storage.audit import Actor
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text, utc_time
from storage.invitations import ENDED


@dataclass(frozen=True, slots=True)
class Holder:
    """One person in one post."""

    contact_id: int
    name: str
    phone: str
    role: Role
    office_id: int | None
    since: datetime
    channels: tuple[str, ...]  # on which the person can be written to
    blocked_at: datetime | None  # when the last way was blocked; None while there is one
    is_awaited: bool = False  # what is for them waits until they write; no template may ask them to
    is_off: bool = False  # the only way that is not blocked is on a channel that is off


_COLUMNS = f"""
SELECT c.id, c.name, c.phone, m.role, m.office_id, m.since, a.channel, a.blocked_at, {TAKES}, {IS_OFF}
FROM memberships m JOIN contacts c ON c.id = m.contact_id LEFT JOIN addresses a ON a.contact_id = c.id
WHERE m.until IS NULL
"""
_CHANNEL = "coalesce(a.channel, '')"
_OF_OFFICE = f"{_COLUMNS} AND m.office_id = ? ORDER BY m.since, c.id, {_CHANNEL}"
_OF_ROLE = f"{_COLUMNS} AND m.role = ? ORDER BY m.since, c.id, coalesce(m.office_id, 0), {_CHANNEL}"
_OF_CONTACT = f"{_COLUMNS} AND m.contact_id = ? ORDER BY m.since, coalesce(m.office_id, 0), {_CHANNEL}"


def of_office(tx: Transaction, office_id: int) -> list[Holder]:
    """List who serves an office, the longest first."""
    return _fold_holders(tx.execute(_OF_OFFICE, (office_id,)).fetchall())


def of_role(tx: Transaction, role: Role) -> list[Holder]:
    return _fold_holders(tx.execute(_OF_ROLE, (role.value,)).fetchall())


def of_contact(tx: Transaction, contact_id: int) -> list[Holder]:
    return _fold_holders(tx.execute(_OF_CONTACT, (contact_id,)).fetchall())


def _fold_holders(rows: list[tuple[Any, ...]]) -> list[Holder]:
    """Fold the rows, one for each address, into one holder a post."""
    rows_of_posts: dict[tuple[Any, ...], list[tuple[Any, ...]]] = {}
    for row in rows:
        rows_of_posts.setdefault(row[:6], []).append(row)
    return [_to_holder(post, same) for post, same in rows_of_posts.items()]


def _to_holder(post: tuple[Any, ...], rows: list[tuple[Any, ...]]) -> Holder:
    unblocked = [row for row in rows if row[6] and row[7] is None]
    open_ways = [row for row in unblocked if not row[9]]
    taking = tuple(row[6] for row in open_ways if row[8])
    blocked = [row[7] for row in rows if row[7]]
    blocked_at = utc_time(max(blocked)) if blocked and not unblocked else None
    contact_id, name, phone, role, office_id, since = post
    return Holder(
        contact_id, name, phone or "", Role(role), office_id, utc_time(since), taking, blocked_at,
        is_awaited=bool(open_ways) and not taking, is_off=bool(unblocked) and not open_ways,
    )  # fmt: skip


class LastOfDesk(Exception):
    """nobody would be left at the desk"""


_OTHERS = """
SELECT EXISTS (SELECT 1 FROM memberships WHERE role = 'admin' AND until IS NULL AND contact_id = ?)
    AND NOT EXISTS (SELECT 1 FROM memberships WHERE role = 'admin' AND until IS NULL AND contact_id <> ?)
"""


def is_last_of_desk(tx: Transaction, contact_id: int) -> bool:
    """Tell whether this person is at the desk and nobody else is."""
    return bool(tx.execute(_OTHERS, (contact_id, contact_id)).fetchone()[0])


# whether somebody holds any post now; `contact` is the column that names them
POST_OF = "SELECT 1 FROM memberships p WHERE p.contact_id = {contact} AND p.until IS NULL"
_END = """
UPDATE memberships SET until = ?
WHERE contact_id = ? AND role = ? AND office_id IS NOT DISTINCT FROM ? AND until IS NULL
"""
_OPEN_FORM = "DELETE FROM dialogues WHERE contact_id = ?"


def end(
    tx: Transaction, contact_id: int, *, role: Role, office_id: int | None, actor: Actor, now: datetime
) -> int | None:
    """Take a post from a person at once, with whatever was open and the exports that were asked for; returns
    the change, None when there was no post.

    Raises LastOfDesk where nobody would be left at the desk.
    """
    if role is Role.ADMIN and is_last_of_desk(tx, contact_id):
        raise LastOfDesk
    return end_even_last(tx, contact_id, role=role, office_id=office_id, actor=actor, now=now)


def end_even_last(
    tx: Transaction, contact_id: int, *, role: Role, office_id: int | None, actor: Actor, now: datetime
) -> int | None:
    """Take a post as `end` does, also from the last person at the desk."""
    if tx.execute(_END, (utc_text(now), contact_id, role.value, office_id)).rowcount != 1:
        return None
    tx.execute(_OPEN_FORM, (contact_id,))
    exports.give_up(tx, contact_id, now=now)
    before = {"contact": contact_id, "role": role.value, "office": office_id}
    return audit.record(
        tx, "role_ended", now=now, actor=actor.contact, before=before, after=None, reason=actor.reason
    )


_INVITED = f"""
SELECT DISTINCT i.office_id FROM invitations i
WHERE i.office_id IS NOT NULL AND i.role = 'focal_point' AND i.used_at IS NULL AND i.expires_at > ?
    AND NOT {ENDED}
UNION SELECT DISTINCT office_id FROM roster WHERE office_id IS NOT NULL AND contact_id IS NULL
"""


@dataclass(frozen=True, slots=True)
class Reach:
    """The active offices by how the bot reaches them; each is in exactly one list."""

    reachable: tuple[int, ...]
    blocked: tuple[int, ...]  # somebody serves it, and every one of them has blocked the bot
    off: tuple[int, ...]  # somebody serves it whose account is on a channel that is off
    awaited: tuple[int, ...]  # somebody serves it who takes messages again once they write to the bot
    # nobody has started the bot yet; an invitation is open, or the list has somebody
    invited: tuple[int, ...]
    nobody: tuple[int, ...]  # nobody has started the bot, nobody is invited

    @property
    def unreached(self) -> frozenset[int]:
        """The offices out of the bot's reach, for whatever reason."""
        return frozenset((*self.blocked, *self.off, *self.awaited, *self.invited, *self.nobody))


def reach(tx: Transaction, office_ids: list[int], *, now: datetime) -> Reach:
    """Sort these offices by how they can be reached."""
    best: dict[int, int] = {}
    for holder in of_role(tx, Role.FOCAL_POINT):
        if holder.office_id is not None:
            best[holder.office_id] = max(best.get(holder.office_id, 0), _nearness(holder))
    invited = {row[0] for row in tx.execute(_INVITED, (utc_text(now),))}

    def those(nearness: int | None) -> tuple[int, ...]:
        return tuple(office for office in office_ids if best.get(office) == nearness)

    nobody_yet = those(None)
    return Reach(
        those(_TAKES),
        those(_BLOCKED),
        those(_OFF),
        those(_AWAITED),
        tuple(office for office in nobody_yet if office in invited),
        tuple(office for office in nobody_yet if office not in invited),
    )


_BLOCKED, _OFF, _AWAITED, _TAKES = range(4)  # how near somebody is, from the farthest


def _nearness(holder: Holder) -> int:
    if holder.channels:
        return _TAKES
    if holder.is_off:
        return _OFF
    return _AWAITED if holder.is_awaited else _BLOCKED
