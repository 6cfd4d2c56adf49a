"""A code wherever it is pasted; a second role is asked about; a number of another account is told."""

from __future__ import annotations

import json

import pytest

from domain.message import Inbound, Kind, Message
from domain.people import MAY_HOLD_BOTH, Role, may_add
from storage import contacts
from storage.engine.transaction import Transaction
from tests.kit.clock_and_codes import MORNING
from tests.kit.desk_turns import DESK, buttons, says, taps
from tests.kit.people import BUDI, ORANG, RINA, SARI, TONO, WATI, enrol, invited

CODE = "KodePimpinan-001"
MADE = "aB3d-F6gH_j2Kl5M"
PASTED = [
    CODE,
    f"{CODE}.",
    f"Kode: {CODE}",
    f"KODE: {CODE}",
    f"ini kodenya {CODE}",
    CODE.lower(),
    CODE.upper(),
    f"Kode: {CODE.lower()}",
    f"Selamat pagi, saya dapat kode {CODE.upper()} dari Ibu Sari.",
    f"https://t.me/desk_bot?start={CODE}",
    f"https://wa.me/6281?text={CODE}",
    f"Undangan untuk *pimpinan*\n\nKode: {CODE}\nTautan: t.me/desk_bot?start={CODE}\n",
]
PLACES: dict[str, tuple[str, ...]] = {
    "nothing open": (),
    "at the title": ("/ajukan",),
    "at a long text": ("/ajukan", "SIPANDU", "penerapan"),
    "the coach": ("/ajukan", "SIPANDU", "/draf"),
    "erasing": ("/privasi",),
}


def roles(tx: Transaction, contact: int) -> list[str]:
    """The roles somebody holds."""
    rows = tx.execute("SELECT role FROM memberships WHERE contact_id = ? AND until IS NULL", (contact,))
    return sorted(row[0] for row in rows)


@pytest.mark.parametrize("text", PASTED)
@pytest.mark.parametrize("place", PLACES)
def test_a_code_is_recognised_everywhere_and_is_no_answer(tx: Transaction, place: str, text: str) -> None:
    invited(tx, CODE, now=MORNING, office="dinsos")
    for said in PLACES[place]:
        says(tx, RINA, said)
    answers = tx.execute("SELECT * FROM answers").fetchall()
    told = says(tx, RINA, text)
    assert "menambahkan peran" in told[0].text
    assert tx.execute("SELECT * FROM answers").fetchall() == answers
    assert roles(tx, 1) == ["focal_point"]


@pytest.mark.parametrize("text", PASTED)
def test_a_stranger_comes_in_by_whatever_was_pasted(tx: Transaction, text: str) -> None:
    invited(tx, CODE, now=MORNING, role=Role.LEADER)
    assert "Kode diterima" in says(tx, ORANG, text)[0].text


def test_an_unknown_code_that_was_clearly_made_is_no_answer_either(tx: Transaction) -> None:
    says(tx, RINA, "/ajukan")
    assert "tidak kami kenali" in says(tx, RINA, MADE)[0].text
    assert tx.execute("SELECT count(*) FROM answers").fetchone() == (0,)


@pytest.mark.parametrize("title", ["PosyanduTerpadu1", "Mempertimbangkan", "SIMPEL-Desa-2026"])
def test_a_title_of_sixteen_letters_is_a_title(tx: Transaction, title: str) -> None:
    says(tx, RINA, "/ajukan")
    says(tx, RINA, title)
    assert tx.execute("SELECT value FROM answers WHERE question = 'nama'").fetchall() == [
        (json.dumps(title),)
    ]


def test_the_question_that_was_open_comes_again(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING, office="dinsos")
    open_question = says(tx, RINA, "/ajukan")[-1].text
    told = says(tx, RINA, CODE)
    assert told[-1].text.splitlines()[-1] == open_question.splitlines()[-1]


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("ya", ["focal_point", "focal_point"]),
        ("Iya, pak.", ["focal_point", "focal_point"]),
        ("tidak", ["focal_point"]),
        ("tidak bu", ["focal_point"]),
    ],
)
def test_the_question_about_an_office_is_answered_by_typing(
    tx: Transaction, said: str, held: list[str]
) -> None:
    invited(tx, CODE, now=MORNING, office="dinsos")
    says(tx, RINA, CODE)
    says(tx, RINA, said)
    assert roles(tx, 1) == held


def test_a_yes_counts_for_the_code_that_was_shown_alone(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING, office="dinsos")
    invited(tx, MADE, now=MORNING, office="disdik")
    says(tx, RINA, CODE)
    taps(tx, RINA, "s:role:yes:2")
    taps(tx, BUDI, "s:role:yes:1")
    assert (roles(tx, 1), roles(tx, 2)) == (["focal_point"], ["focal_point"])


@pytest.mark.parametrize("role", [Role.LEADER, Role.ADMIN, Role.FOCAL_POINT])
def test_a_yes_counts_no_more_once_another_code_was_refused(tx: Transaction, role: Role) -> None:
    invited(tx, CODE, now=MORNING, office="dinsos")
    invited(tx, MADE, now=MORNING, role=role)  # of her own office, where it is of one
    says(tx, RINA, CODE)
    says(tx, RINA, MADE)
    says(tx, RINA, "ya")
    taps(tx, RINA, "s:role:yes:1")
    assert roles(tx, 1) == ["focal_point"]


def test_a_yes_gives_no_other_role_to_whom_the_desk_gave_one_meanwhile(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING, office="dinsos")
    says(tx, RINA, CODE)
    tx.execute("UPDATE memberships SET role = 'leader', office_id = NULL WHERE contact_id = 1")
    assert "s:role:yes:1" not in buttons(taps(tx, RINA, "s:role:yes:1"))
    assert roles(tx, 1) == ["leader"]


def test_who_comes_second_with_a_code_is_refused_and_noted(tx: Transaction) -> None:
    invited(tx, CODE, now=MORNING, office="dinsos")
    for person in (RINA, TONO):
        says(tx, person, CODE)
    for person in (RINA, TONO):
        taps(tx, person, "s:role:yes:1")
    assert (roles(tx, 1), roles(tx, 3)) == (["focal_point", "focal_point"], ["focal_point"])
    assert tx.execute("SELECT actor FROM audit WHERE action = 'refused_code'").fetchall() == [(3,)]


OTHER_ROLE = ("other_role", "untuk peran lain", "mintalah Desk Inovasi menambahkan peran itu")
NOT_BOTH = ("combination", "tidak dapat dipegang orang yang sama")


@pytest.mark.parametrize(
    ("person", "contact", "role", "answer"),
    [
        (RINA, 1, Role.LEADER, OTHER_ROLE),
        (RINA, 1, Role.ADMIN, OTHER_ROLE),
        (WATI, 4, Role.FOCAL_POINT, OTHER_ROLE),
        (SARI, 5, Role.FOCAL_POINT, OTHER_ROLE),
        (SARI, 5, Role.LEADER, NOT_BOTH),
        (WATI, 4, Role.ADMIN, NOT_BOTH),
    ],
)
def test_the_code_of_another_role_is_refused_and_stays_good(
    tx: Transaction, person: int, contact: int, role: Role, answer: tuple[str, ...]
) -> None:
    """F1: the next step is the desk, which gives roles on a person's page; where both may be held at all."""
    invited(tx, CODE, now=MORNING, role=role)
    before = roles(tx, contact)
    why, *words = answer
    told = says(tx, person, CODE)
    assert [text for text in words if text not in told[0].text] == []
    assert not [data for data in buttons(told) if data.startswith("s:role")]
    for said in ("ya", "/start"):
        says(tx, person, said)
    taps(tx, person, "s:role:yes:1")
    assert roles(tx, contact) == before
    assert tx.execute("SELECT used_by FROM invitations").fetchall() == [(None,)]
    refused = tx.execute("SELECT actor, detail FROM audit WHERE action = 'refused_code'").fetchall()
    assert refused == [(contact, f'{{"invitation": 1, "why": "{why}"}}')]


@pytest.mark.parametrize("held", Role)
@pytest.mark.parametrize("new", Role)
def test_the_table_of_roles_holds_wherever_one_is_given(tx: Transaction, held: Role, new: Role) -> None:
    contact = enrol(tx, "77", name="Dewi", now=MORNING)
    assert contacts.grant(
        tx, contact, role=held, office_id=5 if held is Role.FOCAL_POINT else None, now=MORNING
    )
    given = contacts.grant(
        tx, contact, role=new, office_id=6 if new is Role.FOCAL_POINT else None, now=MORNING
    )
    assert (
        given == may_add(frozenset({held}), new) == (held is new or frozenset({held, new}) in MAY_HOLD_BOTH)
    )
    assert (new.value in roles(tx, contact)) == given
    refused = tx.execute("SELECT count(*) FROM audit WHERE action = 'refused_role'").fetchone()[0]
    assert refused == (not given)


def shares(tx: Transaction, person: int, phone: str) -> list[Message]:
    """Share one's own number."""
    inbound = Inbound("telegram", str(person), Kind.PHONE, phone=phone, phone_is_own=True, name="Orang Baru")
    return list(DESK.take(tx, inbound, fetched=None, now=MORNING))


@pytest.mark.parametrize("person", [BUDI, ORANG])
def test_a_number_of_another_account_is_told_to_the_person_and_the_desk(tx: Transaction, person: int) -> None:
    contacts.set_phone(tx, 1, phone="+628123456789")
    assert "terhubung dengan akun lain" in shares(tx, person, "628123456789")[0].text
    assert tx.execute("SELECT count(*) FROM contacts WHERE phone IS NOT NULL").fetchone() == (1,)
    ((told,),) = tx.execute("SELECT payload FROM outbox WHERE address = ?", (str(SARI),)).fetchall()
    assert "Rina" in told
    assert "Orang Baru" not in told
    assert tx.execute("SELECT detail FROM audit WHERE action = 'refused_number'").fetchall() == [
        ('{"contact": 1}',)
    ]
    assert "disimpan" in shares(tx, RINA, "628123456789")[0].text


SHORT = "7KQMP-4XRTH"


@pytest.mark.parametrize(
    "text",
    [SHORT, "7kqmp4xrth", "7KQMP 4XRTH", f"Selamat pagi bu, ini kode saya {SHORT.lower()}, terima kasih"],
)
def test_a_short_code_lets_a_stranger_in_from_inside_a_sentence(tx: Transaction, text: str) -> None:
    invited(tx, SHORT, now=MORNING, role=Role.LEADER)
    assert "Kode diterima" in says(tx, ORANG, text)[0].text


def test_a_code_guessed_inside_a_sentence_counts_as_a_try_too(tx: Transaction) -> None:
    """Else sentences would tell without limit which codes there are."""
    invited(tx, SHORT, now=MORNING, role=Role.LEADER)
    for n in range(5):
        assert "tidak kami kenali" in says(tx, ORANG, f"kodenya {n + 3}KQMP-5XRTH ya bu")[0].text
    assert "satu jam lagi" in says(tx, ORANG, f"kodenya {SHORT} ya bu")[0].text
    assert "satu jam lagi" in says(tx, ORANG, "kodenya 9KQMP-5XRTH ya bu")[0].text


@pytest.mark.parametrize(
    ("said", "roles_after"),
    [
        ("ok", ["leader"]),
        ("Ya.", ["leader"]),
        ("setuju", ["leader"]),
        ("boleh", ["leader"]),
        ("oke siap bu", ["leader"]),
        ("ya, saya setuju pak", ["leader"]),
        ("tidak setuju", []),
        ("gak", []),
        ("boleh tanya dulu?", []),
        ("ya apa dulu", []),
    ],
)
def test_everyday_words_consent_and_nothing_else_does(
    tx: Transaction, said: str, roles_after: list[str]
) -> None:
    invited(tx, SHORT, now=MORNING, role=Role.LEADER)
    says(tx, ORANG, SHORT)
    says(tx, ORANG, said)
    held = tx.execute(
        "SELECT role FROM memberships JOIN addresses USING (contact_id) WHERE address = ?",
        (str(ORANG),),
    ).fetchall()
    assert [row[0] for row in held] == roles_after


@pytest.mark.parametrize("asked", ["kenapa minta nomor hp?", "buat apa sih?", "saya bingung"])
def test_a_question_at_the_phone_step_is_answered_and_the_step_asked_again(
    tx: Transaction, asked: str
) -> None:
    invited(tx, SHORT, now=MORNING, role=Role.LEADER)
    says(tx, ORANG, SHORT)
    says(tx, ORANG, "ya")
    answered = says(tx, ORANG, asked)
    assert len(answered) == (2 if "nomor hp" in asked else 1), "buttons of an answer stand apart from the key"
    assert answered[-1].ask == "phone"
    assert says(tx, ORANG, "nanti saja")[-1].ask != "phone"
