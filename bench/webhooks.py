"""How fast the WhatsApp webhook answers while it is attacked.

uv run --group dev python -m bench.webhooks --seconds 30 --rate 100
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics

from tests.kit.scratch import scratch_folder
from tests.kit.webhook_attack import attack


def main() -> None:
    """Run and print a table."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.webhooks", description="Push webhooks, good and bad."
    )
    parser.add_argument("--seconds", type=int, default=30, help="how long (default 30)")
    parser.add_argument("--rate", type=int, default=100, help="webhooks a second (default 100)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with scratch_folder() as folder:
        count = options.seconds * options.rate
        report = asyncio.run(attack(folder, count=count, rate=options.rate, seed=options.seed))
    print(f"{'':20s}{'answers':>8s}{'median':>10s}{'slowest':>10s}")
    for label, seconds in sorted(report.seconds.items()):
        print(
            f"{label:20s}{len(seconds):8d}{statistics.median(seconds) * 1000:7.1f} "
            f"ms{max(seconds) * 1000:7.0f} ms"
        )
    print(f"all: median {report.median * 1000:.1f} ms, over a second {report.late_share:.2%}")
    print(f"wrong answers {len(report.wrong)} {report.wrong[:5]}, not handled {report.unhandled}")
    print(f"ordinary ones stored once {report.stored} of {report.ordinary}")
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
