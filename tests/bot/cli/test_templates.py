"""`templates` against an emulated account: handed in once, compared, learned by the running bot."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.__main__ import main
from domain.templates import KINDS, load_templates
from sandbox.serve import serve
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator


@pytest.fixture
async def emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[WhatsAppEmulator]:
    made = WhatsAppEmulator(account=EmulatedAccount(token="token", phone_id="100", app_secret="secret"))
    async with serve(made.app) as url:
        settings = {
            "TOKEN": "token",
            "PHONE_ID": "100",
            "APP_SECRET": "secret",
            "VERIFY_TOKEN": "word",
            "API_URL": url,
        }
        for name, value in settings.items():
            monkeypatch.setenv(f"DESK_WHATSAPP_{name}", value)
        monkeypatch.setenv("DESK_DATA_DIR", str(tmp_path))
        yield made


async def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = await asyncio.to_thread(main, ["templates", *arguments])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


async def test_what_is_missing_is_handed_in_once(
    emulator: WhatsAppEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    code, said = await told(capsys, "check")
    assert (code, said.count("MISSING")) == (1, 2 * len(KINDS))
    assert (await told(capsys, "submit"))[0] == 0
    assert len(emulator.templates.known) == 2 * len(KINDS)
    code, said = await told(capsys, "check")
    assert (code, said.count("APPROVED")) == (0, 2 * len(KINDS))
    await told(capsys, "submit")
    assert sum(call.method == "POST" for call in emulator.journal) == 2 * len(KINDS)


async def test_another_text_or_state_in_the_account_is_said(
    emulator: WhatsAppEmulator, capsys: pytest.CaptureFixture[str]
) -> None:
    await told(capsys, "submit")
    emulator.templates.known["desk_siaran", "id"].part("BODY")["text"] = "Teks lain"
    emulator.templates.known["desk_rekap", "en"].status = "PAUSED"
    code, said = await told(capsys, "check")
    lines = [line.split() for line in said.splitlines()]
    assert code == 1
    assert ["desk_siaran", "id", "DIFFERS", "UTILITY"] in lines
    assert ["desk_rekap", "en", "PAUSED", "UTILITY"] in lines


async def test_a_refused_token_is_one_sentence(
    emulator: WhatsAppEmulator, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_WHATSAPP_TOKEN", "other")
    code, said = await told(capsys, "check")
    assert (code, said.count("\n")) == (1, 1)
    assert said.startswith("desk-inovasi: the account refuses: 190")


async def test_without_whatsapp_what_the_project_holds_is_listed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DESK_DATA_DIR", str(tmp_path / "none"))
    code, said = await told(capsys, "list")
    names = {template.name for template in load_templates().values()}
    assert code == 0
    assert all(said.count(f"{name} ") == 2 for name in names)
    assert "WhatsApp is not configured" in said
    assert not (tmp_path / "none").exists()
    assert (await told(capsys, "check"))[0] == 1
