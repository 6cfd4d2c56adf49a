"""Finds the people and offices of an audience; counting and writing down use one and the same query."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.announcing.audience import Audience
from domain.people import Role
from domain.review import MEETS_DUTY, Standing, State
from storage.addresses import IS_OFF, THE_ONE, is_writable
from storage.engine.transaction import Transaction
from storage.engine.utc import utc_text
from storage.posts import POST_OF
from storage.states import quoted

# Where each office stands: "" when it is exempt and has handed in nothing.
STANDING = f"""
SELECT o.id, o.kind, o.name, CASE
    WHEN EXISTS (SELECT 1 FROM innovations i WHERE i.office_id = o.id AND i.period_id = ?
        AND i.discarded_at IS NULL
                 AND i.state IN ({quoted(*MEETS_DUTY)})) THEN '{Standing.DONE}'
    WHEN EXISTS (SELECT 1 FROM innovations i WHERE i.office_id = o.id AND i.period_id = ?
        AND i.discarded_at IS NULL
                 AND i.state = '{State.RETURNED}') THEN '{Standing.RETURNED}'
    WHEN EXISTS (SELECT 1 FROM innovations i WHERE i.office_id = o.id AND i.period_id = ?
        AND i.discarded_at IS NULL
                 AND i.state = '{State.DRAFT}') THEN '{Standing.DRAFT}'
    WHEN EXISTS (SELECT 1 FROM extensions e WHERE e.office_id = o.id AND e.period_id = ? AND e.until IS NULL)
        THEN ''
    ELSE '{Standing.NONE}' END AS standing
FROM offices o WHERE o.state = 'active'
"""


Query = tuple[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Reach:
    """Counts of an audience: people, reachable people, the offices of these, offices without people."""

    people: int
    reachable: int
    offices: int
    unmanned: int

    @property
    def is_empty(self) -> bool:
        """Whether nobody at all can be written to."""
        return not self.reachable


def _write_parameters(values: Collection[Any]) -> str:
    """Return as many SQL parameters as there are values; an SQL list may not be empty."""
    return ", ".join("?" * len(values)) if values else "NULL"


def _select_offices(audience: Audience, period_id: int) -> Query:
    """Return the query of the offices of an audience: id, kind, name, standing."""
    a = audience
    values: list[Any] = [period_id] * 4
    if not a.wants_offices:
        return f"SELECT * FROM ({STANDING}) s WHERE 1 = 0", values
    everybody = "1 = 0" if a.kinds or a.offices else "1 = 1"
    no_offices = _write_parameters(a.without_offices) if a.without_offices else "0"
    no_kinds = _write_parameters(a.without_kinds) if a.without_kinds else "''"
    terms = [
        f"(id IN ({_write_parameters(a.offices)}) OR (id NOT IN ({no_offices}) AND kind NOT IN ({no_kinds})"
        f" AND (kind IN ({_write_parameters(a.kinds)}) OR {everybody})))"
    ]
    values += [*a.offices, *a.without_offices, *a.without_kinds, *a.kinds]
    if a.states:
        terms.append(f"standing IN ({_write_parameters(a.states)})")
        values += a.states
    return f"SELECT * FROM ({STANDING}) s WHERE {' AND '.join(terms)}", values


@dataclass(frozen=True, slots=True)
class Chosen:
    """The queries of an audience: people (contact_id, office_id) and offices (id, name)."""

    people: Query
    offices: Query


def chosen(audience: Audience, period_id: int) -> Chosen:
    """Return the query of the people an audience selects."""
    offices = _select_offices(audience, period_id)
    return Chosen(_select_people(audience, offices), offices)


_ACKED = """
SELECT k.{column} FROM broadcasts b JOIN broadcast_recipients k ON k.broadcast_id = b.id
WHERE (b.id = ? OR b.follows = ?) AND k.acked_at IS NOT NULL AND k.{column} IS NOT NULL
"""
_REST_OFFICES = f"""
SELECT o.id, o.name FROM offices o WHERE o.state = 'active'
  AND o.id IN (SELECT office_id FROM broadcast_recipients WHERE broadcast_id = ? AND contact_id IS NOT NULL)
  AND o.id NOT IN ({_ACKED.format(column="office_id")})
"""
_REST = f"""
SELECT u.contact_id, min(u.office_id) AS office_id FROM (
    SELECT r.contact_id, r.office_id FROM broadcast_recipients r
    WHERE r.broadcast_id = ? AND EXISTS ({POST_OF.format(contact="r.contact_id")})
      AND (r.office_id IS NULL OR r.office_id NOT IN ({_ACKED.format(column="office_id")}))
    UNION
    SELECT m.contact_id, m.office_id FROM memberships m
    WHERE m.role = '{Role.FOCAL_POINT.value}' AND m.until IS NULL
      AND m.office_id IN (SELECT id FROM ({_REST_OFFICES}) f)) u
WHERE u.contact_id NOT IN ({_ACKED.format(column="contact_id")}) GROUP BY u.contact_id
"""


def rest(first: int) -> Chosen:
    """Return the query of the people of an announcement that nobody of their office has confirmed.

    Posts change: who has none any more is left out, and whoever serves such an office now is written to.
    """
    return Chosen((_REST, [first] * 8), (_REST_OFFICES, [first] * 3))


def _select_people(audience: Audience, offices: Query) -> Query:
    """Return the query of each person once, with an office where there is one: contact_id, office_id."""
    of_offices, values = offices
    return (
        f"""
        SELECT m.contact_id, min(m.office_id) AS office_id FROM memberships m
        WHERE m.until IS NULL AND ((m.role = '{Role.FOCAL_POINT.value}'
            AND m.office_id IN (SELECT id FROM ({of_offices}) f))
                                   OR m.role IN ({_write_parameters(audience.others)}))
        GROUP BY m.contact_id""",
        [*values, *audience.others],
    )


# Each person at the one address that is written to, or at one that cannot be when there is no other.
_REACHED = f"""
SELECT p.contact_id, p.office_id, a.channel, a.address,
       coalesce(a.blocked_at, s.since, CASE WHEN {IS_OFF} THEN 'off' END) AS blocked_at,
       s.since AS silent, {IS_OFF} AS is_off
FROM ({{people}}) p LEFT JOIN silences s ON s.contact_id = p.contact_id
LEFT JOIN addresses a ON a.contact_id = p.contact_id AND {THE_ONE}
"""
_UNMANNED = f"""
SELECT s.id, o.short FROM ({{offices}}) s JOIN offices o ON o.id = s.id WHERE NOT EXISTS (
    SELECT 1 FROM memberships m WHERE m.office_id = s.id AND m.role = '{Role.FOCAL_POINT.value}'
        AND m.until IS NULL)
"""


def reach(tx: Transaction, audience: Chosen) -> Reach:
    """Count the people and offices of an audience at this moment."""
    query, values = audience.people
    sql = f"""
        SELECT count(*),
            count(*) FILTER (WHERE address IS NOT NULL AND blocked_at IS NULL),
            count(DISTINCT office_id) FILTER (WHERE address IS NOT NULL AND blocked_at IS NULL)
        FROM ({_REACHED.format(people=query)}) r"""
    people, reachable, offices = tx.execute(sql, values).fetchone()
    return Reach(people, reachable, offices, len(unmanned(tx, audience)))


_BEYOND_WINDOW = f"""
SELECT c.language, count(*), count(*) FILTER (WHERE EXISTS (
    SELECT 1 FROM addresses o
    WHERE o.contact_id = r.contact_id AND o.channel <> r.channel AND {is_writable("o")}))
FROM ({{reached}}) r JOIN contacts c ON c.id = r.contact_id
LEFT JOIN windows w ON w.channel = r.channel AND w.address = r.address
WHERE r.channel = ? AND r.blocked_at IS NULL AND coalesce(w.spoke_at, '') <= ? GROUP BY c.language
"""


def beyond_window(
    tx: Transaction, audience: Chosen, *, channel: str, since: datetime
) -> list[tuple[str, int, int]]:
    """Count who has not written on a channel since then, by language, and who of them has another address."""
    people, values = audience.people
    sql = _BEYOND_WINDOW.format(reached=_REACHED.format(people=people))
    return tx.execute(sql, [*values, channel, utc_text(since)]).fetchall()


def reachable(tx: Transaction, audience: Chosen) -> list[int]:
    """List the people of an audience who can be written to."""
    people, values = audience.people
    reached = _REACHED.format(people=people)
    sql = f"SELECT contact_id FROM ({reached}) r WHERE address IS NOT NULL AND blocked_at IS NULL ORDER BY 1"
    return [row[0] for row in tx.execute(sql, values)]


def unmanned(tx: Transaction, audience: Chosen) -> list[tuple[int, str]]:
    """List the selected offices in which nobody has enrolled: id and short name."""
    offices, values = audience.offices
    return tx.execute(f"{_UNMANNED.format(offices=offices)} ORDER BY o.short, s.id", values).fetchall()


_LIST = """
SELECT c.name, coalesce(o.name, ''), CASE WHEN r.address IS NOT NULL AND r.blocked_at IS NULL THEN ''
    WHEN r.is_off THEN 'off' ELSE 'blocked' END
FROM ({reached}) r JOIN contacts c ON c.id = r.contact_id LEFT JOIN offices o ON o.id = r.office_id
ORDER BY r.address IS NULL OR r.blocked_at IS NOT NULL, o.name IS NULL, o.name, c.name, c.id LIMIT ? OFFSET ?
"""


def listed(tx: Transaction, audience: Chosen, *, limit: int, offset: int) -> list[tuple[str, str, str]]:
    """List a page of the selected people: name, office, and why they cannot be written to, "" when they can:
    off, blocked.
    """
    people, values = audience.people
    sql = _LIST.format(reached=_REACHED.format(people=people))
    return tx.execute(sql, [*values, limit, offset]).fetchall()


_BLOCKED = """
SELECT c.name, coalesce(o.name, '') FROM ({reached}) r
JOIN contacts c ON c.id = r.contact_id LEFT JOIN offices o ON o.id = r.office_id
WHERE r.address IS NULL OR r.blocked_at IS NOT NULL ORDER BY coalesce(o.name, ''), c.name, c.id
"""


def unreachable(tx: Transaction, audience: Chosen) -> list[tuple[str, str]]:
    """List the selected people who cannot be written to: name and office."""
    people, values = audience.people
    return tx.execute(_BLOCKED.format(reached=_REACHED.format(people=people)), values).fetchall()


_WRITE_PEOPLE = """
INSERT INTO broadcast_recipients (broadcast_id, contact_id, office_id, channel, address, state, reason)
SELECT ?, contact_id, office_id, channel, address,
       CASE WHEN address IS NULL OR blocked_at IS NOT NULL THEN 'skipped' ELSE 'waiting' END,
       CASE WHEN address IS NULL THEN 'nobody' WHEN silent IS NOT NULL THEN 'silent'
            WHEN is_off THEN 'off' WHEN blocked_at IS NOT NULL THEN 'blocked' END
FROM ({reached}) r WHERE true ORDER BY contact_id ON CONFLICT DO NOTHING
"""
_WRITE_UNMANNED = """
INSERT INTO broadcast_recipients (broadcast_id, office_id, state, reason)
SELECT ?, id, 'skipped', 'nobody' FROM ({unmanned}) u WHERE true ORDER BY id ON CONFLICT DO NOTHING
"""


def write_down(tx: Transaction, broadcast_id: int, *, audience: Chosen) -> None:
    """Write down everybody who is meant, once each, and the offices where nobody can be reached."""
    people, values = audience.people
    tx.execute(_WRITE_PEOPLE.format(reached=_REACHED.format(people=people)), [broadcast_id, *values])
    offices, values = audience.offices
    tx.execute(_WRITE_UNMANNED.format(unmanned=_UNMANNED.format(offices=offices)), [broadcast_id, *values])


_WRITTEN_OFFICES = """
SELECT o.id, o.name FROM offices o WHERE o.state = 'active'
  AND o.id IN (SELECT office_id FROM broadcast_recipients WHERE broadcast_id = ?)
"""
_MANNED_NOW = f"""
DELETE FROM broadcast_recipients WHERE broadcast_id = ? AND contact_id IS NULL AND office_id IN (
    SELECT office_id FROM memberships WHERE role = '{Role.FOCAL_POINT.value}' AND until IS NULL)
"""


def top_up(tx: Transaction, broadcast_id: int, *, audience: Audience, follows: int | None) -> None:
    """Write down who has come since an announcement was confirmed: to a post of an office that is meant, or
    to a role that is. The offices stay those that were confirmed, wherever they stand by now.
    """
    offices: Query = (_WRITTEN_OFFICES, [broadcast_id])
    people, values = rest(follows).people if follows else _select_people(audience, offices)
    tx.execute(_WRITE_PEOPLE.format(reached=_REACHED.format(people=people)), [broadcast_id, *values])
    tx.execute(_MANNED_NOW, (broadcast_id,))


_SHARED = """
SELECT count(*) FROM ({people}) p
WHERE contact_id IN (SELECT contact_id FROM broadcast_recipients WHERE {mine})
"""
_HAD = "broadcast_id = ? AND contact_id IS NOT NULL AND state NOT IN ('skipped', 'failed')"


def shared(tx: Transaction, broadcast_id: int, *, audience: Chosen) -> int:
    """Count those who are meant and have got, or are getting, another announcement."""
    people, values = audience.people
    sql = _SHARED.format(people=people, mine=_HAD)
    return int(tx.execute(sql, [*values, broadcast_id]).fetchone()[0])


_KINDS = f"SELECT kind, count(*) FROM ({STANDING}) s GROUP BY kind ORDER BY count(*) DESC, kind"
_STANDINGS = f"SELECT standing, count(*) FROM ({STANDING}) s GROUP BY standing"


def kinds(tx: Transaction, period_id: int) -> list[tuple[str, int]]:
    """List the groups of offices with how many each has, the largest first."""
    return tx.execute(_KINDS, [period_id] * 4).fetchall()


_RETURNED_ELSEWHERE = f"""
SELECT count(*) FROM innovations i JOIN offices o ON o.id = i.office_id AND o.state = 'active'
WHERE i.state = '{State.RETURNED}' AND i.discarded_at IS NULL AND NOT (i.period_id = ? AND i.office_id IN (
    SELECT id FROM ({STANDING}) s WHERE standing = '{Standing.RETURNED}'))
"""


def returned_elsewhere(tx: Transaction, period_id: int) -> int:
    """Count the returned innovations whose office does not stand as returned: it has sent another one, or
    the period is another.
    """
    return int(tx.execute(_RETURNED_ELSEWHERE, [period_id] * 5).fetchone()[0])


def standings(tx: Transaction, period_id: int) -> dict[str, int]:
    """Count the offices by their standing."""
    return dict(tx.execute(_STANDINGS, [period_id] * 4).fetchall())
