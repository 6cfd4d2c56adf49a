"""How long people on WhatsApp wait for a reply after the bot was killed in the middle of their talk.

uv run --group dev python -m bench.restart --people 50 --talk 10
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics

from tests.kit.scratch import scratch_folder
from tests.kit.whatsapp_restart import measure_restart


def main() -> None:
    """Run and print seconds from the kill."""
    parser = argparse.ArgumentParser(prog="python -m bench.restart", description="Kill once, and wait.")
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--talk", type=float, default=10.0, help="seconds of talk before the kill")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with scratch_folder() as folder:
        report = asyncio.run(
            measure_restart(folder, people=options.people, talk_seconds=options.talk, seed=options.seed)
        )
    print(f"messages before the kill {report.messages}; answering again after {report.up:.2f} s")
    if waited := sorted(report.waited):
        print(
            f"reply after: first {waited[0]:.2f}, median {statistics.median(waited):.2f}, "
            f"last {waited[-1]:.2f} s; of {len(waited)} people, {report.unanswered} unanswered"
        )
    print(f"accepted twice {report.doubled}")
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
