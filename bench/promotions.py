"""A server that dies under busy people, and its synchronous standby that takes its place, again and again.

uv run --group dev python -m bench.promotions --people 50 --times 5
"""

from __future__ import annotations

import argparse
import asyncio

from tests.kit import server
from tests.kit.promotions import Promotion, run_promotion
from tests.kit.scratch import scratch_folder
from tests.kit.two_servers import two_servers


def main() -> None:
    """Lose a pair of servers so many times and print what was left each time."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.promotions", description="Promote a standby under busy people."
    )
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--after", type=int, default=100, help="items taken over before the server dies")
    options = parser.parse_args()
    for seed in range(1, options.times + 1):
        with two_servers() as servers, scratch_folder() as folder:
            if servers is None:
                print(server.NOT_INSTALLED)
                return
            run = run_promotion(folder, servers, people=options.people, seed=seed, after=options.after)
            _print(asyncio.run(run))


def _print(result: Promotion) -> None:
    left = result.left
    print(f"people {left.people}, {left.seconds:.0f} s, acknowledged at the death {result.acknowledged}")
    print(f"kept anew after {result.away:.1f} s, finished {left.finished}, lost {left.lost}")
    print(f"known and sent twice {len(left.doubled)}, under way and sent again {left.unknown}", flush=True)


if __name__ == "__main__":
    main()
