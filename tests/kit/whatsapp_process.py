"""The bot as a process of its own on an emulated WhatsApp: started, killed and looked at on the disk."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic

import aiohttp

from bot.child_process import environment_without_settings
from sandbox.whatsapp import EmulatedAccount, WhatsAppEmulator
from tests.kit.ports import free_port
from tests.kit.warm_process import Process, start_run

TOKEN, PHONE_ID, SECRET = "token-of-nobody", "100", "whatsapp-app-secret-of-nobody"

START_SECONDS = 150.0  # a loaded machine may take this long
LOOK_SECONDS = 0.05


class BotOnWhatsApp:
    """One bot, started again on the same folder and port as often as it is killed."""

    def __init__(
        self,
        folder: Path,
        *,
        api: str,
        settings: Mapping[str, str] | None = None,
        is_cold: bool = False,
    ) -> None:
        """`api` is the root of the emulated Graph API; `settings` are more than it needs. A cold one starts
        from nothing.
        """
        self.folder, self._is_cold = folder, is_cold
        self._port = free_port()
        self.root = f"http://127.0.0.1:{self._port}"
        kept = environment_without_settings()
        self._environment = kept | {
            "DESK_DATA_DIR": str(folder),
            "DESK_WHATSAPP_TOKEN": TOKEN,
            "DESK_WHATSAPP_PHONE_ID": PHONE_ID,
            "DESK_WHATSAPP_APP_SECRET": SECRET,
            "DESK_WHATSAPP_VERIFY_TOKEN": "word-of-nobody",
            "DESK_WHATSAPP_API_URL": api,
            "DESK_PERSON_RATE": "100000",
            "DESK_WEB_PORT": str(self._port),
            "DESK_METRICS_PORT": "0",
            "DESK_LOG_LEVEL": "error",
            **(settings or {}),
        }
        self._process: Process | None = None

    @property
    def webhook(self) -> str:
        """Where the platform pushes to."""
        return f"{self.root}/whatsapp"

    def start(self) -> None:
        """Start the process."""
        self._process = start_run(self._environment, is_cold=self._is_cold)

    def kill(self) -> None:
        """End it as a power cut would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()

    def freeze(self) -> None:
        """Stop it in the middle of whatever it does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def wake(self) -> None:
        """Let it go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    async def ended(self, seconds: float) -> int | None:
        """Wait until it has ended by itself; returns its exit code, None where it goes on."""
        assert self._process is not None
        until = monotonic() + seconds
        while (code := self._process.poll()) is None and monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
        return code

    async def stop(self) -> None:
        """End it in order."""
        assert self._process is not None
        self._process.terminate()
        await asyncio.to_thread(self._process.wait)

    async def until_up(self) -> None:
        """Wait until its web server answers."""
        until = monotonic() + START_SECONDS
        async with aiohttp.ClientSession() as session:
            while monotonic() < until:
                with suppress(aiohttp.ClientError):
                    async with session.get(f"{self.root}/health"):
                        return
                await asyncio.sleep(LOOK_SECONDS)
        raise AssertionError("the bot did not come up")


def emulated() -> WhatsAppEmulator:
    """The platform this bot talks to; it keeps no journal."""
    return WhatsAppEmulator(
        journal_limit=0, account=EmulatedAccount(token=TOKEN, phone_id=PHONE_ID, app_secret=SECRET)
    )
