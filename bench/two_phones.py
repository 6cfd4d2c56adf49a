"""People with both phones in hand, in the same second, while the bot is killed.

uv run --group dev python -m bench.two_phones --people 200 --kills 20
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections import Counter

from tests.kit.scratch import scratch_folder
from tests.kit.two_phones import run


def main() -> None:
    """Run and print what was left."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.two_phones", description="Answer, send files and hand in on two phones at once."
    )
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with scratch_folder() as folder:
        report = asyncio.run(run(folder, people=options.people, kills=options.kills, seed=options.seed))
    print(f"people {report.people}, killed {report.killed} times, {report.seconds:.0f} s")
    print(f"finished {report.finished}, drafts by person {dict(Counter(report.drafts))}")
    print(f"submissions by person {dict(Counter(report.submissions))}")
    print(f"kept {report.kept}, not kept and said so {report.answered}, silent {len(report.silent)}")
    for line in report.silent:
        print(line)
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
