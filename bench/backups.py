"""Backups while people talk and the bot is killed: each has to come back whole.

uv run --group dev python -m bench.backups --people 50 --kills 20 --backups 20
"""

from __future__ import annotations

import argparse
import asyncio

from tests.kit.backups import back_up, restored_whole
from tests.kit.kills import run_kills
from tests.kit.scratch import scratch_folder

PAUSE_SECONDS = 2.0  # between two backups


def main() -> None:
    """Run and print what was left."""
    parser = argparse.ArgumentParser(prog="python -m bench.backups", description="Back up under kills.")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--backups", type=int, default=20)
    options = parser.parse_args()
    with scratch_folder() as folder:
        data, kept = folder / "data", folder / "kept"
        report = asyncio.run(
            run_kills(
                data,
                people=options.people,
                kills=options.kills,
                seed=1,
                beside=lambda: back_up(data, kept, times=options.backups, pause=PAUSE_SECONDS),
            )
        )
        whole = restored_whole(kept, folder / "restored")
    print(f"people {report.people}, kills {report.kills}, {report.seconds:.0f} s, {report.messages} messages")
    print(f"finished {report.finished}, updates lost {len(report.lost)}")
    print(f"backups whole {whole} of {options.backups}")


if __name__ == "__main__":
    main()
