"""The long run of kills on WhatsApp, at its own pace, with batched, repeated and shuffled webhooks.

uv run --group dev python -m bench.whatsapp_kills --people 200 --kills 40
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter

from tests.kit.scratch import scratch_folder
from tests.kit.whatsapp_kills import run_kills

# seconds a bot lives: in a loop of crashes a reply is killed twice on its way, and none is sent a third time
LIVES = (1.0, 9.0)


def main() -> None:
    """Run and print what was left."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.whatsapp_kills", description="Kill the bot while people hand in on WhatsApp."
    )
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with scratch_folder() as folder:
        report = asyncio.run(
            run_kills(
                folder,
                people=options.people,
                kills=options.kills,
                seed=options.seed,
                between=LIVES,
            )
        )
    print(f"people {report.people}, kills {report.kills}, {report.seconds:.0f} s")
    print(f"messages accepted {report.messages}, statuses {report.statuses}")
    print(f"finished {report.finished}, submissions by person {dict(Counter(report.submissions))}")
    print(f"asked for the draft as nothing came: {report.asked_again} times")
    print(
        f"items lost {report.lost}, known and sent twice {len(report.doubled)}, unknown {report.unknown}, "
        f"more than twice {len(report.thrice)}"
    )
    for phone in report.stuck:
        print(phone)
    print(f"refusals {report.refused}, of them of the pair {report.pair_refusals}")


if __name__ == "__main__":
    main()
