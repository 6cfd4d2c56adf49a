"""What the desk changes: nobody else does, an old yes confirms nothing, and every change has its line."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.message import Message
from domain.people import NOT_OF_OWN_OFFICE, OF_OWN_OFFICE, RIGHTS, Contact, Right, Role, may
from handlers.change_kinds import ACTING
from handlers.registry import registry
from storage import audit, contacts, periods
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import buttons, refusals, says, taps
from tests.kit.people import ORANG, RINA, SARI, TONO, WATI
from tests.kit.properties import SHARES_FIXTURE

OTHERS = (RINA, TONO, WATI, ORANG)
KEPT = ("periods", "extensions", "offices", "memberships", "invitations", "innovations", "contacts")


def kept(tx: Transaction) -> list[list[object]]:
    """Everything an act can change."""
    return [tx.execute(f"SELECT * FROM {table}").fetchall() for table in KEPT]


def lines(tx: Transaction, action: str) -> list[audit.Line]:
    """The lines of the audit about this."""
    return [line for line in audit.lines(tx) if line.action == action]


def yes(messages: list[Message]) -> str:
    """The data of the button that confirms."""
    return next(data for data in buttons(messages) if data.startswith("w:y:"))


WALKS = [  # what the desk taps and types, up to the look at what will happen
    ("p:deadline:1", "20 Desember 2026", "surat kementerian"),
    ("p:extend:1", "dinkes", "31 Desember 2026", "banjir besar"),
    ("p:exempt:1", "kec baamang", "baru dibentuk"),
    ("p:portal:1", "29 Desember 2026", "surat BSKDN"),
    ("p:close:1", "sudah selesai"),
    ("o:add", "Badan Riset Daerah", "Brida", "badan", "perda baru"),
    ("o:name:5", "Dinas Kesehatan dan KB", "DinkesKB", "perbup baru"),
    ("o:merge:5", "dinas sosial", "perda penataan"),
    ("o:close:5", "perda penataan"),
    ("o:hand:1:5", "Budi", "pindah tugas"),
    ("o:end:1:5", "pindah tugas"),
    ("o:more:5", "31 Desember 2026", "banjir besar"),
    ("o:free:5", "baru dibentuk"),
    ("o:take:4:leader:0", "sudah pensiun"),
    ("o:give:1:leader", "tugas baru"),
    ("o:j:name:head:5", "Hasan 0812 3456 7891", "surat penunjukan"),
]
# transcripts 41, 42 and 44; a rung is emptied in `test_rungs.py`, reminders are held in `test_holding.py`
ELSEWHERE = {"period_open", "period_reopen", "period_lift", "office_reopen", "rung_end", "reminders_hold"}


def walk(tx: Transaction, steps: tuple[str, ...], person: int = SARI) -> list[Message]:
    """Do one walk."""
    first, *rest = steps
    told = taps(tx, person, first)
    for step in rest:
        told = says(tx, person, step)
    return told


@pytest.mark.parametrize("steps", WALKS, ids=lambda steps: steps[0])
def test_nothing_changes_before_the_yes_and_nobody_else_can_say_it(
    tx: Transaction, steps: tuple[str, ...]
) -> None:
    before = kept(tx)
    shown = walk(tx, steps)
    for person in OTHERS:
        for data in [steps[0], *buttons(shown)]:
            assert taps(tx, person, data), (person, data)
            assert says(tx, person, "ya")
        assert kept(tx) == before, person
    assert lines(tx, "refused_button") or lines(tx, "refused_act")
    taps(tx, SARI, yes(shown))
    assert kept(tx) != before


@pytest.mark.parametrize("steps", WALKS, ids=lambda steps: steps[0])
def test_every_change_says_who_and_why_and_what_was_before_or_after(
    tx: Transaction, steps: tuple[str, ...]
) -> None:
    confirm = yes(walk(tx, steps))
    noted = len(list(audit.lines(tx)))
    taps(tx, SARI, confirm)
    new = [line for line in list(audit.lines(tx))[noted:] if line.reason]
    assert new
    assert {(line.name, line.reason) for line in new} == {("Sari", steps[-1])}
    assert all(line.before or line.after for line in new)


@pytest.mark.parametrize("steps", WALKS, ids=lambda steps: steps[0])
def test_one_yes_is_one_change(tx: Transaction, steps: tuple[str, ...]) -> None:
    confirm = yes(walk(tx, steps))
    taps(tx, SARI, confirm)
    before, noted = kept(tx), tx.execute("SELECT count(*) FROM audit").fetchone()
    taps(tx, SARI, confirm)
    assert kept(tx) == before
    assert tx.execute("SELECT count(*) FROM audit").fetchone() == noted


def test_a_yes_that_asks_changes_nothing(tx: Transaction) -> None:
    walk(tx, WALKS[0])
    before = kept(tx)
    for asked in ("ya?", "iya, pak?"):
        assert buttons(says(tx, SARI, asked))
        assert kept(tx) == before
    says(tx, SARI, "iya, pak.")
    assert kept(tx) != before


@pytest.mark.parametrize("agreed", ["iya", "I agree"])
def test_a_yes_is_taken_in_either_language(tx: Transaction, agreed: str) -> None:
    says(tx, SARI, "/bahasa en")
    walk(tx, WALKS[0])
    before = kept(tx)
    says(tx, SARI, agreed)
    assert kept(tx) != before


def test_a_yes_of_an_older_look_confirms_nothing_newer(tx: Transaction) -> None:
    old = yes(walk(tx, ("p:deadline:1", "20 Desember 2026", "surat pertama")))
    new = yes(walk(tx, ("p:deadline:1", "28 Desember 2026", "surat kedua")))
    before = kept(tx)
    assert buttons(taps(tx, SARI, old))[0] == new
    assert kept(tx) == before


def test_a_right_lost_in_the_middle_ends_the_act(tx: Transaction) -> None:
    confirm = yes(walk(tx, WALKS[0]))
    tx.execute("UPDATE memberships SET until = '2026-01-01' WHERE role = 'admin'")
    before = kept(tx)
    assert taps(tx, SARI, confirm)
    assert says(tx, SARI, "ya")
    assert kept(tx) == before


def test_a_period_closed_meanwhile_is_not_moved(tx: Transaction) -> None:
    confirm = yes(walk(tx, WALKS[0]))
    period = periods.load(tx, 1)
    periods.set_open(tx, period, is_open=False, reason="selesai", by=5, now=MORNING)
    assert "sudah ditutup" in taps(tx, SARI, confirm)[0].text
    assert not lines(tx, "deadline_moved")


def test_each_person_is_told_once_and_the_speaker_is_not(tx: Transaction) -> None:
    taps(tx, SARI, yes(walk(tx, WALKS[0])))
    told = tx.execute(
        "SELECT address FROM outbox WHERE dedupe_key LIKE 'period:%' ORDER BY address"
    ).fetchall()
    assert told == [("1001",), ("1002",), ("1003",), ("1004",)]


def test_an_office_with_a_later_day_of_its_own_is_not_told_of_an_earlier_one(tx: Transaction) -> None:
    taps(tx, SARI, yes(walk(tx, WALKS[1])))
    tx.execute("DELETE FROM outbox")
    taps(tx, SARI, yes(walk(tx, WALKS[0])))
    told = tx.execute(
        "SELECT address FROM outbox WHERE dedupe_key LIKE 'period:%' ORDER BY address"
    ).fetchall()
    assert told == [("1003",), ("1004",)]


SUBSETS = st.frozensets(st.sampled_from(list(Role)))


@given(roles=SUBSETS, right=st.sampled_from(list(Right)), own=st.booleans())
def test_a_right_is_held_by_its_roles_alone_and_only_for_the_own_office(
    roles: frozenset[Role], right: Right, own: bool
) -> None:
    person = Contact(1, "X", "id", roles, (7,))
    held = right is Right.TALK or bool(roles & RIGHTS[right])
    assert may(person, right) == held
    fits = own if right in OF_OWN_OFFICE else not own if right in NOT_OF_OWN_OFFICE else True
    assert may(person, right, office=7 if own else 8) == (held and fits)
    assert not may(None, right) or right is Right.TALK


PREFIXES = sorted(registry().by_prefix)
ARGS = st.one_of(
    st.sampled_from(
        ["1", "open", "new", "p:1", "close:1", "extend:1", "exempt:1", "lift:1", "deadline:1", "back:1"]
    ),
    st.from_regex(r"[a-z]{1,8}:[0-9]{1,3}(:[a-z]{1,6})?", fullmatch=True),
    st.text(max_size=30),
)


@settings(
    max_examples=200,
    deadline=None,
    suppress_health_check=SHARES_FIXTURE,
)
@given(roles=SUBSETS, prefix=st.sampled_from(PREFIXES), args=ARGS)
def test_a_button_without_its_right_changes_nothing_and_is_noted(
    tx: Transaction, roles: frozenset[Role], prefix: str, args: str
) -> None:
    tx.execute("DELETE FROM memberships WHERE contact_id = 1")
    for role in roles:
        contacts.grant(tx, 1, role=role, office_id=5 if role is Role.FOCAL_POINT else None, now=MORNING)
    right = registry().by_prefix[prefix][0].right
    before, refused = kept(tx), refusals(tx)
    assert taps(tx, RINA, f"{prefix}:{args}")
    if right is not Right.TALK and not roles & RIGHTS[right]:
        assert kept(tx) == before
        assert refusals(tx) == refused + 1


def test_every_act_of_the_registry_is_walked_here(tx: Transaction) -> None:
    walked = set()
    for steps in WALKS:
        walk(tx, steps)
        walked.add(
            tx.execute("SELECT json_extract(state, '$.act') FROM dialogues WHERE contact_id = 5").fetchone()[
                0
            ]
        )
    assert ACTING.names == walked | ELSEWHERE


@pytest.mark.parametrize("act", ["p:deadline:1", "p:portal:1"])
def test_a_day_without_its_year_is_the_next_one_where_it_lies_ahead(tx: Transaction, act: str) -> None:
    taps(tx, SARI, act)
    heard = "\n".join(message.text for message in says(tx, SARI, "20 desember"))
    assert "2025" not in heard
    assert "alasan" in heard.casefold()
