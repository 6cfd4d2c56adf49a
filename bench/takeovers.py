"""The long run of takeovers: two hosts, one desk on PostgreSQL, owners killed and frozen under busy people.

uv run --group dev python -m bench.takeovers --people 50 --kills 50 --freezes 50
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
from collections import Counter

from storage.engine.site import Server, site_from
from tests.kit import server
from tests.kit.scratch import scratch_folder
from tests.kit.takeovers import Takeovers, run_takeovers


def main() -> None:
    """Run on a server of its own and print what was left."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.takeovers", description="Take a desk over under busy people."
    )
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--freezes", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    running = server.started()
    if running is None:
        print(server.NOT_INSTALLED)
        return
    site = site_from(f"{running.url('postgres')}&schema=desk")
    assert isinstance(site, Server)
    try:
        with scratch_folder() as folder:
            run = run_takeovers(
                folder,
                site,
                people=options.people,
                kills=options.kills,
                freezes=options.freezes,
                seed=options.seed,
            )
            _print(asyncio.run(run))
    finally:
        running.stop()


def _print(result: Takeovers) -> None:
    left, took = result.left, sorted(result.seconds)
    print(f"people {left.people}, takeovers {left.kills}, {left.seconds:.0f} s")
    print(f"taken over in {statistics.median(took):.1f} s (median), {took[-1]:.1f} s (longest)")
    print(f"woken owners by exit code {dict(Counter(result.woken))}")
    print(f"messages accepted {left.messages}, statuses {left.statuses}")
    print(f"finished {left.finished}, submissions by person {dict(Counter(left.submissions))}")
    print(f"items lost {left.lost}, known and sent twice {len(left.doubled)}, unknown {left.unknown}")
    print(*left.stuck, sep="\n")


if __name__ == "__main__":
    main()
