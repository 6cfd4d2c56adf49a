"""One's own data as a file, and erased: nothing that leads to the person is left anywhere on the disk."""

from __future__ import annotations

import json
import re
from datetime import timedelta

from scheduler.housekeeping import sweep
from storage.audit import lines
from tests.kit.databases import reading
from tests.kit.people import BUDI, RINA
from tests.kit.tables import columns, everything, table_names
from tests.kit.world import World

# Every table that keeps where somebody can be written to or called; a new one has to be erased too.
LEADS_TO_A_PERSON = {
    "answer_messages",
    "windows",
    "address_names",
    "addresses",
    "broadcast_recipients",
    "broadcast_replies",
    "broadcasts",
    "contacts",
    "enrolments",
    "exports",
    "inbox",
    "link_offers",
    "outbox",
    "roster",
    "rungs",
    "wrong_codes",
}


def dump(world: World) -> str:
    with reading(world.folder / "desk.db") as tx:
        return "\n".join(row for rows in everything(tx).values() for row in rows)


async def begin(world: World) -> None:
    """Give Rina everything that can be kept about a person."""
    rina = world.person(RINA)
    await rina.shares_contact()
    await rina.says("/start KodeSalah-000001")
    await rina.says("/ajukan")
    await rina.says("SIPANDU")


async def erase(world: World) -> None:
    rina = world.person(RINA)
    await rina.says("/privasi")
    for label in ("Hapus data saya", "Ya, hapus", "Hapus sekarang"):
        await rina.taps(label)


async def test_the_file_has_what_is_kept_and_is_made_when_it_is_sent(world: World) -> None:
    await begin(world)
    await world.person(RINA).says("/privasi")
    await world.person(RINA).taps("Minta semua data")
    (made,) = (world.folder / "made").glob("my-data-*")
    told = json.loads(made.read_text(encoding="utf-8"))
    assert told["person"][0]["name"] == "Rina"
    assert told["addresses"][0]["address"] == str(RINA)
    assert told["posts"][0]["office"] == "Dinas Kesehatan"
    assert [one["question"] for one in told["written"]] == ["#state", "nama"]
    assert any("SIPANDU" in one["raw"] for one in told["messages_received"])
    assert "Budi" not in made.read_text(encoding="utf-8")
    assert "SIPANDU" not in str(world.rows("SELECT payload FROM outbox WHERE payload LIKE '%my_data%'"))
    await world.restart()
    assert not list((world.folder / "made").glob("my-data-*"))


async def test_nothing_that_leads_to_an_erased_person_is_left(world: World) -> None:
    await begin(world)
    await erase(world)
    left = [line for line in dump(world).splitlines() if re.search(rf"Rina|'{RINA}'|62811000{RINA}", line)]
    assert len(left) == 1, left  # the goodbye itself
    assert "sudah dihapus" in left[0]
    later = world.clock() + timedelta(days=31)
    assert world.app is not None
    await sweep(world.app.database, now=later, raw_kept=timedelta(days=30))
    assert not re.search(rf"Rina|'{RINA}'|62811000{RINA}", dump(world))
    assert world.rows("SELECT name, phone FROM contacts WHERE id = 1") == [("PIC lama", None)]


async def test_the_work_stays_and_goes_on(world: World) -> None:
    await begin(world)
    before = world.answers()
    history = world.rows("SELECT * FROM history")
    await erase(world)
    assert (world.answers(), world.rows("SELECT * FROM history")) == (before, history)
    await world.person(BUDI).says("/draf")
    world.person(BUDI).sees("SIPANDU")
    await world.person(RINA).says("/draf")
    assert "SIPANDU" not in world.person(RINA).last.text


async def test_erasing_needs_both_steps_in_order(world: World) -> None:
    rina = world.person(RINA)
    await rina.says("/privasi")
    for data in ("me:now", "me:sure", "me:now:x", "me:"):
        await rina.says("/batal")
        await rina.presses(rina.last.message_id, data)
    assert world.rows("SELECT name FROM contacts WHERE id = 1") == [("Rina",)]


async def test_the_audit_is_as_it_was(world: World) -> None:
    await begin(world)
    before = world.rows("SELECT * FROM audit")
    await erase(world)
    after = world.rows("SELECT * FROM audit")
    assert after[: len(before)] == before
    told = await world.write(lambda tx: list(lines(tx)))
    assert {line.name for line in told if line.actor == 1} == {"PIC lama"}


async def test_somebody_elses_erasing_button_erases_oneself_at_most(world: World) -> None:
    await world.person(RINA).says("/privasi")
    await world.person(RINA).taps("Hapus data saya")
    await world.person(RINA).taps("Ya, hapus")
    await world.person(BUDI).says("/start")
    await world.person(BUDI).presses(world.person(BUDI).last.message_id, "me:now")
    assert world.rows("SELECT count(*) FROM contacts WHERE name = 'PIC lama'") == [(0,)]


async def test_every_table_that_leads_to_a_person_is_known_here(world: World) -> None:
    with reading(world.folder / "desk.db") as tx:
        names = {table: set(columns(tx, table)) for table in table_names(tx)}
    leads = {table for table, columns_of_it in names.items() if {"address", "phone"} & columns_of_it}
    assert leads - {"moved"} == LEADS_TO_A_PERSON  # `moved` names a database
