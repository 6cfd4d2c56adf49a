"""How long people we know wait while thousands of strangers write, and what becomes of the strangers.

uv run --group dev python -m bench.strangers --strangers 5000 --messages 4 --people 20
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics

from tests.kit.scratch import scratch_folder
from tests.kit.strangers_attack import attack


def main() -> None:
    """Run and print what either waited."""
    parser = argparse.ArgumentParser(prog="python -m bench.strangers", description="Let strangers write.")
    parser.add_argument("--strangers", type=int, default=5_000)
    parser.add_argument("--messages", type=int, default=4, help="of each stranger")
    parser.add_argument("--people", type=int, default=20, help="we know, who talk meanwhile")
    parser.add_argument("--rate", type=float, default=100.0, help="webhooks a second, five messages each")
    options = parser.parse_args()
    with scratch_folder() as folder:
        report = asyncio.run(attack(folder, **vars(options)))
    answers = sorted(report.answers)
    print(
        f"people we know: {len(answers)} answers, p50 {statistics.median(answers):.2f} s, "
        f"p99 {answers[len(answers) * 99 // 100]:.2f} s, last {answers[-1]:.2f} s"
    )
    print(
        f"queue: {report.most_open} rows at most; oldest due {report.oldest_due:.0f} s, "
        f"of any {report.oldest:.0f} s; pushed in {report.pushed_seconds:.0f} s, "
        f"empty of strangers {report.empty_seconds:.0f} s after the last"
    )
    print(f"strangers answered {report.strangers_answered}, more than once {report.strangers_twice}")
    print(f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
