"""One hunt: every place where the service could hold something, and what was found in each."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.ops.stage import Stage
from tests.hunt import memory
from tests.hunt.needles import Found, Searcher
from tests.hunt.recorder import Recorder
from tests.hunt.traffic import bodies, decoded
from tests.hunt.treasure import Secrets

MEMORY = "memory"
DATABASE = "database"
FILES = "files"
TRAFFIC = "traffic"
CANARY = "canary"


@dataclass
class Bag:
    """What a hunt brought home, by the kind of place. ``searched`` counts bytes."""

    found: defaultdict[str, set[tuple[str, Found]]] = field(
        default_factory=lambda: defaultdict(set)
    )
    searched: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))

    def loot(self) -> list[str]:
        """Whatever was found that is no canary, in words."""
        return sorted(
            f"{found.secret} ({found.spelling}) in {place}"
            for places in self.found.values()
            for place, found in places
            if not found.secret.startswith(CANARY)
        )

    def canaries(self, kind: str) -> set[str]:
        """Which canaries were seen in this kind of place."""
        return {f.secret for _, f in self.found[kind] if f.secret.startswith(CANARY)}


def hunt(
    stage: Stage,
    secrets: Secrets,
    *,
    recorder: Recorder | None = None,
    more: Iterable[Path] = (),
    reads_memory: bool = True,
) -> Bag:
    """Search the server's processes, its files, the files ``more``, and the traffic."""
    bag, searcher = Bag(), Searcher(secrets)
    for kind, place, data in _everything(stage, recorder, more, searcher, reads_memory):
        bag.searched[kind] += len(data)
        bag.found[kind] |= {(place, found) for found in searcher.look(data)}
    return bag


def _everything(
    stage: Stage,
    recorder: Recorder | None,
    more: Iterable[Path],
    searcher: Searcher,
    reads_memory: bool,
) -> Iterator[tuple[str, str, bytes]]:
    if reads_memory and stage.server is not None:
        with memory.standing_still(stage.server.pid) as processes:
            for pid in processes:
                for data in memory.chunks(pid, searcher.longest):
                    yield MEMORY, f"process {pid}", data
    for path in files(stage, more):
        kind = DATABASE if path.name.startswith("breakglass.db") else FILES
        yield kind, path.name, path.read_bytes()
    for stream in recorder.streams() if recorder else []:
        yield TRAFFIC, "traffic", stream
        for body in bodies(stream):
            yield TRAFFIC, "decoded traffic", b"\0".join(decoded(body))


def files(stage: Stage, more: Iterable[Path] = ()) -> list[Path]:
    """All that the service has written: its state folder and what it printed."""
    state = [path for path in stage.state_dir.rglob("*") if path.is_file()]
    return [*sorted(state), stage.root / "server.log", *more]


def with_canaries(secrets: Secrets, canaries: Mapping[str, str]) -> Secrets:
    """The secrets, and texts that have to be found by the very same search."""
    return {**secrets, **{f"{CANARY} {name}": text for name, text in canaries.items()}}
