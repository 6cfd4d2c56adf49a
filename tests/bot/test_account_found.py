"""Which account holds our templates is found by itself: in the token, or in what came in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.channels.errors import Refused
from bot.channels.whatsapp.account import Account
from bot.config import Settings
from bot.running import running
from domain.templates import load_templates
from sandbox.serve import serve
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from tests.kit.clock_and_codes import Clock
from tests.kit.network import internet
from tests.kit.patience import PATIENCE

SECRET = "whatsapp-app-secret-of-nobody"
OF_MESSAGING, OF_BUSINESS = "whatsapp_business_messaging", "business_management"


class Unnamed(WhatsAppEmulator):
    """A platform whose token names no account, as those of system users do."""

    def _describe_scope(self) -> dict[str, Any]:
        return {"scope": OF_MESSAGING}


@pytest.fixture
async def emulator() -> AsyncIterator[WhatsAppEmulator]:
    clock = Clock()
    made = Unnamed(account=EmulatedAccount("token", "100", SECRET), clock=lambda: clock.now.timestamp())
    made.people.add("ID.1", "Rina", phone="6281200001001")
    yield made
    await made.close()


async def test_the_first_webhook_tells_and_a_later_start_remembers(
    emulator: WhatsAppEmulator, tmp_path: Path
) -> None:
    noted = "SELECT count(*) FROM templates"
    every = 2 * len(load_templates())
    async with AsyncExitStack() as outer:
        url = await outer.enter_async_context(serve(emulator.app))
        settings = Settings(
            data_dir=tmp_path,
            whatsapp_token=SecretStr("token"),
            whatsapp_phone_id="100",
            whatsapp_app_secret=SecretStr(SECRET),
            whatsapp_verify_token=SecretStr("word"),
            whatsapp_api_url=url,
            web_port=0,
        )
        async with running(settings, clock=Clock(), links=internet()) as app:
            emulator.webhooks.point_to(f"http://127.0.0.1:{app.port}/whatsapp")
            assert await app.database.read(lambda tx: tx.execute(noted).fetchone()) == (0,)
            await emulator.webhooks.until_taken(emulator.people.says("ID.1", "halo"))
            async with asyncio.timeout(PATIENCE):
                while await app.database.read(lambda tx: tx.execute(noted).fetchone()) != (every,):
                    await asyncio.sleep(0.01)
            await app.database.run(lambda tx: tx.execute("DELETE FROM templates"))
        async with running(settings, clock=Clock(), links=internet()) as app:
            assert await app.database.read(lambda tx: tx.execute(noted).fetchone()) == (every,)


@pytest.mark.parametrize(
    ("scopes", "found"),
    [
        ([{"scope": OF_MESSAGING, "target_ids": ["7"]}], "7"),
        ([{"scope": OF_BUSINESS, "target_ids": ["1"]}, {"scope": OF_MESSAGING, "target_ids": ["7"]}], "7"),
        ([{"scope": OF_BUSINESS, "target_ids": ["1"]}], ""),
        ([{"scope": OF_MESSAGING, "target_ids": ["7", "8"]}], ""),
        ([{"scope": OF_MESSAGING, "target_ids": [7]}, "x"], ""),
        ([], ""),
    ],
)
async def test_the_token_tells_where_it_names_exactly_one(scopes: list[Any], found: str) -> None:
    async def request(method: str, path: str, **told: Any) -> dict[str, Any]:
        return {"data": {"granular_scopes": scopes}}

    account = Account(request, token="t", account_id="")
    if found:
        assert await account.id() == found
        return
    with pytest.raises(Refused, match="DESK_WHATSAPP_ACCOUNT_ID"):
        await account.id()
    account.note("9")
    account.note("10")
    assert await account.id() == "9"
