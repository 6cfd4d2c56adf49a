"""The options of `sandbox` and `demo`."""

from __future__ import annotations

import argparse

USUAL = "kotim-2025"
EMPTY, BUSY = "empty", "busy"
SCENARIOS = (USUAL, EMPTY, BUSY)
NAMES = ("--host", "--port", "--scenario", "--fresh")


def declare(parser: argparse.ArgumentParser) -> None:
    """Add the options to a parser."""
    parser.add_argument("--host", default="127.0.0.1", help="address of the page (default 127.0.0.1)")
    parser.add_argument("--port", type=_read_port, default=8080, help="port of the page (default 8080)")
    _declare_beginning(parser)


def declare_demo(parser: argparse.ArgumentParser) -> None:
    """Add the options of `demo` to a parser."""
    parser.add_argument(
        "--who", metavar="NAME", default="", help="whose phone it is; :who in the demo lists everybody"
    )
    _declare_beginning(parser)


def _declare_beginning(parser: argparse.ArgumentParser) -> None:
    """Add what a practice desk begins with."""
    parser.add_argument(
        "--scenario",
        choices=SCENARIOS,
        help=f"what a new sandbox begins with (default {USUAL}): the regency as the newspapers described it,"
        " an empty one, or a week of the deadline with a full queue",
    )
    parser.add_argument(
        "--fresh", action="store_true", help="begin anew: forget what was done in the sandbox"
    )


def _read_port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f'expected a port from 0 to 65535, found "{text}"')
    return int(text)
