"""Figures over the whole regency."""

from __future__ import annotations

from dataclasses import dataclass

from storage.database import Transaction


@dataclass(frozen=True, slots=True)
class Participation:
    """Who has brought an innovation in a period."""

    offices: int  # with a duty
    done: int  # with at least one innovation sent and neither returned nor rejected
    innovations: int  # sent
    drafts: int


_PARTICIPATION = """
SELECT (SELECT count(*) FROM offices WHERE state = 'active'),
       count(DISTINCT CASE WHEN i.state IN ('terkirim', 'diubah', 'diperiksa', 'terverifikasi') AND o.state = 'active'
                           THEN i.office_id END),
       coalesce(sum(i.state IN ('terkirim', 'diubah', 'diperiksa', 'terverifikasi')), 0),
       coalesce(sum(i.state = 'draf'), 0)
FROM innovations i JOIN offices o ON o.id = i.office_id
WHERE i.period_id = ? AND i.discarded_at IS NULL
"""


def participation(tx: Transaction, period_id: int) -> Participation:
    """Count offices and innovations of a period."""
    return Participation(*tx.execute(_PARTICIPATION, (period_id,)).fetchone())
