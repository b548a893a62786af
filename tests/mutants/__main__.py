"""``make mutants``: break the code at random places for some minutes, and see which tests notice.

Fails if a mutant survives that ``docs/mutants.md`` does not explain.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.mutants.listed import PAGE, row, rows
from tests.mutants.rooms import ROOMS, judges_of, mutants_of, sampled
from tests.mutants.runner import Fate, Workshop


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20, help="no mutant starts after these")
    parser.add_argument("--seed", type=int, default=1, help="which sample")
    parser.add_argument("--seconds", type=float, default=180, help="the limit of one run of tests")
    parser.add_argument("--only", default="", help="paths that start so")
    given = parser.parse_args()
    explained = rows(PAGE.read_text(encoding="utf-8"))
    groups = [
        [one for one in mutants_of(room) if one.path.startswith(given.only)] for room in ROOMS
    ]
    order = [one for one in sampled(groups, given.seed) if one.named not in explained]
    print(f"{len(order)} mutants, {len(explained)} more are explained; {given.minutes:g} minutes")
    end = time.monotonic() + given.minutes * 60
    counted: Counter[Fate] = Counter()
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        workshop = Workshop(Path(folder))
        for mutant in order:
            if time.monotonic() >= end:
                break
            fate = workshop.try_out(mutant, judges_of(mutant.path), given.seconds)
            counted[fate] += 1
            if fate is not Fate.KILLED:
                print(f"{fate}, line {mutant.number}: {row(mutant)}", flush=True)
    print(", ".join(f"{counted[fate]} {fate}" for fate in Fate))
    return 1 if counted[Fate.SURVIVED] else 0


if __name__ == "__main__":
    sys.exit(main())
