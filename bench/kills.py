"""The long run of kills, at the platform's own pace.

uv run --group dev python -m bench.kills --people 40 --kills 60
"""

from __future__ import annotations

import argparse
import asyncio

from tests.kit.kills import run_kills
from tests.kit.scratch import scratch_folder


def main() -> None:
    """Run and print what was left."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.kills", description="Kill the bot under busy people."
    )
    parser.add_argument("--people", type=int, default=40)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with scratch_folder() as folder:
        report = asyncio.run(run_kills(folder, people=options.people, kills=options.kills, seed=options.seed))
    print(f"people {report.people}, kills {report.kills}, {report.seconds:.0f} s, {report.messages} messages")
    print(f"finished {report.finished}, submissions {sorted(report.submissions.values())}")
    print(f"asked for the draft as nothing came: {report.asked_again} times")
    print(f"updates lost {len(report.lost)}, answers misplaced {len(report.misplaced)}")
    print(f"busiest second {report.busiest_second} messages, above a chat's bucket {report.fastest_chat:.2f}")


if __name__ == "__main__":
    main()
