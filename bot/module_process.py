"""Starts a module of ours as a process beside the bot, with pipes to talk by and none of our settings."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process

from bot.child_process import environment_without_settings


async def start_module(
    module: str,
    *arguments: str,
    errors: int | None = None,
    own_session: bool = False,
    line_bytes: int = 65_536,
) -> Process:
    """Start `python -m module`; raises OSError where the machine cannot.

    `errors` is where its standard error goes: None is ours. With `own_session` a Ctrl-C in the bot's terminal
    does not reach it. `line_bytes` is the longest line of an answer that is read.
    """
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        *arguments,
        stdin=PIPE,
        stdout=PIPE,
        stderr=errors,
        env=environment_without_settings(),
        start_new_session=own_session,
        limit=line_bytes,
    )
