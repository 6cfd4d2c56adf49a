"""What people do on WhatsApp to older messages of ours: each leads on, and changes what it names."""

from __future__ import annotations

from pathlib import Path

from tests.kit.whatsapp_world import RINA, WhatsAppWorld, whatsapp_world

NAME = "SELECT value FROM answers WHERE question = 'nama'"
VOICE = {"id": "9", "mime_type": "audio/ogg; codecs=opus", "voice": True}


async def sent(world: WhatsAppWorld, number: int) -> str:
    """Wait for what comes of it; returns the newest message of ours."""
    await world.emulator.webhooks.until_taken(number)
    await world.settled()
    return world.heard(RINA)[-1].text


async def test_what_is_done_to_an_older_message_leads_on(tmp_path: Path) -> None:
    async with whatsapp_world(tmp_path) as world:
        people = world.emulator.people
        await world.says(RINA, "ajukan")
        first = world.heard(RINA)[-1]
        await world.says(RINA, "Posyandu Digital")
        stage = world.heard(RINA)[-1]
        # a reply to the first question corrects it, however much it resembles the name kept there
        said = await sent(world, people.says(RINA, "Posyandu Digital Terpadu", reply_to=first.wamid))
        assert await world.rows(NAME) == [('"Posyandu Digital Terpadu"',)]
        assert "Sudah sampai tahap apa" in said
        # a row chosen twice, of a question that was asked again meanwhile
        label = (stage.buttons or [(title, data) for title, _, data in stage.rows])[0][0]
        people.taps(RINA, stage.wamid, label)
        said = await sent(world, people.taps(RINA, stage.wamid, label))
        assert "pesan lama" in said
        # a voice note where a choice is asked for
        moment = str(int(world.clock.now.timestamp()))
        note = {"id": "wamid.v", "from_user_id": RINA, "timestamp": moment, "type": "audio", "audio": VOICE}
        assert "pesan suara" in await sent(world, people.raw({"messages": [note]}))
        # an old question in the language that was changed meanwhile
        await world.says(RINA, "/bahasa")
        await world.taps(RINA, "English")
        said = await sent(world, people.says(RINA, "SIMPEL Pelayanan Online", reply_to=first.wamid))
        assert await world.rows(NAME) == [('"SIMPEL Pelayanan Online"',)]
        assert "stage" in said
