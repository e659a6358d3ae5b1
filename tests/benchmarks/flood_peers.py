"""The flood engine beside Itzi and landlab: one machine, one run, one thread each, taking turns.

Two cases on a flat bed between walls, cells of 5 m, Manning's n 0.03, 250 thousand and a million wet cells: a dam break
and a surface that rolls everywhere. The figure is million cell updates per CPU second; a ratio is ours over the
peer's, the median of the turns; the headline is the worse case of a million cells. A cell update of ours costs the full
shallow water equations, one of theirs a local inertial step, which is simpler and, in a given water, longer: so
`same_event` says how many times the water's seconds per CPU second are ours. The dam breaks with an exact solution say
what each gets wrong.

The peers live in an environment of their own (tests/benchmarks/peers/README.md). Without it the ratios are left out,
aloud.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

import numpy as np

from tests.benchmarks.peers.cases import CELL, DAM_CELL, DAM_TIME, DAMS, MANNING, STARTS, dam
from tests.benchmarks.peers.talking import ROOT, Talk, python_of
from tests.measures import Measure
from tests.physics.analytic import ritter, stoker
from twin.physics.shallow_water.engine import ShallowWater

PYTHON = python_of("venv")
PEERS = {"itzi": "Itzi", "landlab": "landlab"}
FIRST, SECOND = "first_order", "second_order"
ORDERS = {1: FIRST, 2: SECOND}
SCRIPTS = "tests.benchmarks.peers.run_"
UNIT = "Mcell CPU-s-1"


@dataclass(frozen=True, slots=True)
class Turn:
    """What one engine did in one go: million cell updates and cell-seconds of the water, per CPU second."""

    speed: float
    event: float


class Ours:
    """The flood engine on a case, first or second order, float32, one thread, summaries and all."""

    def __init__(self, case: str, n: int, order: int) -> None:
        start = STARTS[case](n)
        self.water = ShallowWater(np.zeros((n, n)), CELL, roughness=MANNING, depth=start, order=order, threads=1)
        self.held = self.water.stored()
        self.water.advance(1.0)

    def turn(self, steps: int) -> Turn:
        """Take about as many steps."""
        water, begin, updates = self.water, self.water.time, self.water.cell_updates
        per_step = water.time / water.steps
        cpu = time.process_time()
        water.advance(begin + steps * per_step)
        cpu = time.process_time() - cpu
        done = water.cell_updates - updates
        return Turn(done / cpu / 1e6, (water.time - begin) * water.depth.size / cpu / 1e6)

    def volume_error(self) -> float:
        """Return the share of the water gained since the start."""
        return self.water.stored() / self.held - 1


class Peer(Talk):
    """A peer on a case."""

    def __init__(self, module: str, *words: str) -> None:
        """Start the peer's script with the words of its command line."""
        super().__init__(PYTHON, module, *words)
        self.version = f"{PEERS.get(self.first['peer'], self.first['peer'])} {self.first['version']}"
        self._gained = 0.0

    def turn(self, steps: int) -> Turn:
        """Let it take as many steps of its own length."""
        said = self.ask(steps)
        self._gained = said["volume_error"]
        per = 1e6 * said["cpu_s"]
        return Turn(said["cell_updates"] / per, said["simulated_s"] * self.first["cells"] / per)

    def volume_error(self) -> float:
        """Return the share of the water gained since the start."""
        return self._gained


@dataclass(frozen=True, slots=True)
class Match:
    """What the engines did on one case, turn by turn, the share of water each gained, and the peers' versions."""

    turns: list[dict[str, Turn]]
    gained: dict[str, float]
    versions: dict[str, str]

    def speed(self, name: str, what: str = "speed") -> float:
        """Return an engine's million cell updates (what="event": cell-seconds of the water) per CPU second."""
        return median(getattr(turn[name], what) for turn in self.turns)

    def ratio(self, own: str, peer: str, what: str = "speed") -> float:
        """Return how many times `own` is ahead of a peer, turn against turn."""
        return median(getattr(turn[own], what) / getattr(turn[peer], what) for turn in self.turns)


def play(case: str, n: int, peers: list[str], steps: int, repeats: int) -> Match:
    """Let our two orders and the peers take turns on n x n cells; a peer takes a sixth of the steps."""
    with ExitStack() as stack:
        engines: dict[str, Ours | Peer] = {name: Ours(case, n, order) for order, name in ORDERS.items()}
        for name in peers:
            engines[name] = stack.enter_context(Peer(SCRIPTS + name, "speed", case, str(n)))
        turns = [
            {
                name: engine.turn(steps if name in ORDERS.values() else max(2, steps // 6))
                for name, engine in engines.items()
            }
            for _ in range(repeats)
        ]
        gained = {name: abs(engine.volume_error()) for name, engine in engines.items()}
        versions = {name: engine.version for name, engine in engines.items() if isinstance(engine, Peer)}
    for name, share in gained.items():
        if not math.isfinite(share):
            raise RuntimeError(f"{name} left the numbers on {case} with {n} x {n} cells: its speed would say nothing")
    return Match(turns, gained, versions)


def measure(short: bool) -> Iterator[Measure]:
    """Yield our speed on every case and, where the peers are installed, the ratios and everybody's errors."""
    there = [] if short else list(PEERS)
    if there and not PYTHON.exists():
        there = []
        print(
            f"\n*** flood.vs_*: NOT MEASURED. No peer is installed in {PYTHON.parents[1].relative_to(ROOT)}; "
            "make that environment with `make peers` (Python 3.11) and measure again. ***\n",
            file=sys.stderr,
            flush=True,
        )
    sizes, steps, repeats = ({"40k": 200}, 8, 1) if short else ({"250k": 500, "1M": 1000}, 32, 7)
    played = {
        (case, size): play(case, n, there, steps if short else steps * 1_000_000 // (n * n), repeats)
        for case in STARTS
        for size, n in sizes.items()
    }
    for (case, size), match in played.items():
        for name in ORDERS.values():
            yield Measure(f"flood.{case}_{size}.{name}.mcell_per_cpu_s", match.speed(name), UNIT)
    for p in there:
        for (case, size), match in played.items():
            start, said = f"flood.vs_{p}.{case}_{size}", match.versions[p]
            yield Measure(f"{start}.mcell_per_cpu_s", match.speed(FIRST), UNIT, "", said, match.speed(p))
            yield Measure(f"{start}.volume_error", match.gained[FIRST], "1", "", said, match.gained[p])
        yield from ratios(p, played)
        yield from errors(p)


def ratios(p: str, played: dict[tuple[str, str], Match]) -> Iterator[Measure]:
    """Yield how many times we are ahead of a peer: the worst of the cases, of a million cells where the bound is."""

    def worst(size: str, own: str, what: str = "speed") -> tuple[float, str]:
        ratio, case = min((match.ratio(own, p, what), case) for (case, n), match in played.items() if n == size)
        match = played[case, size]
        theirs, ours = match.speed(p, what), match.speed(own, what)
        unit = UNIT if what == "speed" else "million cell-seconds of water per CPU-second"
        return ratio, f"{match.versions[p]}: {theirs:.3g}, ours {ours:.3g} {unit} ({case}, {size})"

    for middle, bound, found in (
        ("", ">= 15", worst("1M", FIRST)),
        ("250k.", "", worst("250k", FIRST)),
        ("second_order.", "", worst("1M", SECOND)),
        ("same_event.", "", worst("1M", FIRST, "event")),
    ):
        yield Measure(f"flood.vs_{p}.{middle}ratio", found[0], "1", bound, found[1])


def errors(p: str) -> Iterator[Measure]:
    """Yield the mean depth error of the dam breaks, ours of both orders beside the peer's."""
    x = np.arange(1000) + 0.5
    exact = {"stoker": stoker(x - 500, DAM_TIME, 2.0, 1.0), "ritter": ritter(x - 500, DAM_TIME, 2.0)}
    for case, behind in DAMS.items():
        with Peer(SCRIPTS + p, "dam", case) as peer:
            pass
        theirs = float(np.abs(np.array(peer.first["depth"]) - exact[case]).mean())
        for order, name in ORDERS.items():
            start = dam(behind)
            water = ShallowWater(np.zeros(start.shape), DAM_CELL, roughness=0.0, depth=start, order=order)
            water.advance(DAM_TIME)
            own = float(np.abs(water.depth[len(start) // 2] - exact[case]).mean())
            yield Measure(f"flood.vs_{p}.{case}.{name}.l1_m", own, "m", "", peer.version, theirs)
