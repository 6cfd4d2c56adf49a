"""Examples of every command, as its `--help` shows them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from bot.cli.completion import parsers
from bot.cli.usage import UsageParser, typed

EXAMPLES: Mapping[str, Sequence[str]] = {
    "": ("sandbox", "check", "invite --role admin", "run"),
    "run": ("run",),
    "sandbox": ("sandbox", "sandbox --port 8190", "sandbox --scenario busy --fresh"),
    "demo": ("demo", "demo --who sari", "demo --scenario busy --fresh"),
    "check": ("check",),
    "migrate": ("migrate",),
    "invite": ("invite --role admin", "invite --role focal_point --office dinkes --days 30"),
    "offices": ("offices import offices.xlsx --dry-run",),
    "offices import": ("offices import offices.xlsx --dry-run", "offices import offices.xlsx"),
    "contacts": ("contacts import contacts.csv --dry-run",),
    "contacts import": (
        "contacts import contacts.csv --dry-run",
        "contacts import contacts.csv --hidden leave",
    ),
    "backup": ("backup desk.tar", "backup", "backup - | gzip > desk.tar.gz"),
    "restore": (
        "restore desk.tar --check",
        "restore desk.tar  # where no desk is yet",
        "restore /mnt/backups --name 20261128T193000Z",
    ),
    "move": (
        "move --to postgresql://desk@localhost/desk",
        "move --to sqlite:///data/desk.db  # from PostgreSQL",
    ),
    "proof": ("proof -o proof-2026 --year 2026",),
    "people": ("people list", "people codes"),
    "people list": ("people list",),
    "people grant": (
        'people grant 7 --role leader --reason "surat tugas 12/2026"',
        'people grant 7 --role focal_point --office dinkes --reason "surat tugas 12/2026"',
    ),
    "people revoke": ('people revoke 7 --role leader --reason "sudah mutasi"',),
    "people codes": ("people codes",),
    "people revoke-code": ("people revoke-code 3",),
    "files": ("files list-unknown",),
    "files list-unknown": ("files list-unknown",),
    "files set-aside": ("files set-aside",),
    "files remove-unknown": ("files remove-unknown 2026-11-28 --older-than 30",),
    "rules": ("rules changes",),
    "rules changes": ("rules changes",),
    "rules take": ('rules take 2026 --reason "surat edaran Kemendagri"',),
    "export": ("export innovations --year 2026 -o innovations.jsonl", "export evidence -o evidence.zip"),
    "export innovations": (
        "export innovations --format xlsx -o innovations.xlsx",
        "export innovations --year 2026 > innovations.jsonl",
    ),
    "export evidence": ("export evidence --year 2026 -o evidence.zip",),
    "export audit": ("export audit -o audit.csv",),
    "templates": ("templates list", "templates submit"),
    "templates list": ("templates list",),
    "templates submit": ("templates submit",),
    "templates check": ("templates check",),
    "completion": (
        'eval "$(desk-inovasi completion bash)"',
        'eval "$(desk-inovasi completion zsh)"',
        "desk-inovasi completion fish | source",
    ),
}


def add_examples(parser: argparse.ArgumentParser) -> None:
    """Put the examples below the help of a parser and of every command in it."""
    for name, command in parsers(parser).items():
        lines = (f"  {typed(example)}" for example in EXAMPLES[name])
        if isinstance(command, UsageParser):
            command.examples = EXAMPLES[name]
        command.formatter_class = argparse.RawDescriptionHelpFormatter
        command.epilog = "\n".join(("examples:", *lines))
