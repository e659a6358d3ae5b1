"""The scores of a run over a RoboCup Rescue map.

How civilians lose health is this project's own law, not the league's: who is in a building that burns loses all `HP`
health points evenly over `ENDURES` s, from its first flame until it is out, the people are fetched, or the run ends.
Nobody comes out by himself, nobody is hurt by falling walls, on the road, or by the heat of the house next door, and
nobody gets well again. People on a road are not in a building.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.model.finding import Finding
from twin.runs.consequences.fates import BURNING, BURNT_OUT, EXTINGUISHED, Fates, fates
from twin.runs.frames.store import open_frames
from twin.runs.provenance import record
from twin.runs.response.rescue.cast import Cast, cast_of
from twin.runs.response.rescue.scores import HP, legacy, rsl21

if TYPE_CHECKING:
    from twin.store import City

ENDURES = 600.0
"""s in a building that burns until nobody in it lives; assumed, unverified."""

THIRDS = (1 / 3, 2 / 3)
"""Shares of a building's fuel at which its state in `FACTORS` goes on to the next; assumed, unverified."""

ASSUMED = (
    "comparable with the league's scores in kind, not in value: the physics differ (a fire, no earthquake; nobody is "
    f"buried; a person in a burning building loses all health points in {ENDURES:g} s, unverified)"
)
"""What has to stand beside a score wherever it is shown."""


@dataclass(frozen=True, slots=True)
class Result:
    """The scores of one run.

    rsl21, legacy  see `scores`;   best  the most that `rsl21` can be: the number of civilians
    hp             (people,) at the end, in the order of `Cast.civilians`
    states         word of `FACTORS` -> number of buildings
    findings       what was assumed
    """

    rsl21: float
    legacy: float
    best: float
    hp: tuple[float, ...]
    states: Mapping[str, int]
    findings: tuple[Finding, ...]

    @property
    def alive(self) -> int:
        """Civilians with health points left."""
        return sum(points > 0 for points in self.hp)

    def text(self) -> str:
        """Return both scores in a line, with what has to be said of them."""
        return (
            f"RSL21 {self.rsl21:.3f} of {self.best:g}, legacy {self.legacy:.3f} of {self.best + 1:g}, "
            f"{self.alive} of {len(self.hp)} alive; {ASSUMED}"
        )


def result_of(city: City, run_id: str, fetched: Mapping[str, float] | None = None) -> Result:
    """Return the scores of a run of the hazard fire over a map of RoboCup Rescue.

    fetched  id of a building -> s from the start of the run from which its people are out; besides those whom the
             record of the run has as evacuated

    Raises MissingError where the twin has no such run, or nobody of a scenario.
    """
    import shapely

    cast, run = cast_of(city), city.runs.get(run_id)
    houses = city.features.read("building")
    course = fates(city, run.id, open_frames(city, run.id), houses.ids)
    hp = health(
        cast, dict(zip(houses.ids, _burning(course, run.simulated_s), strict=True)), _away(houses.ids, course, fetched)
    )
    told = record(city, run.id)
    watered = {row["target"] for row in told.get("engines", []) if row.get("water_m3", 0.0) > 0}
    states = [state_of(course, i, watered=id_ in watered) for i, id_ in enumerate(houses.ids)]
    storeys = np.maximum(np.nan_to_num(houses.numbers("storeys"), nan=1.0), 1.0)
    areas = shapely.area(houses.geometry) * storeys
    counts = {word: states.count(word) for word in dict.fromkeys(sorted(states))}
    findings = [Finding("warning", "score_kind", ASSUMED)]
    if np.isnan(houses.numbers("storeys")).any():
        text = "the map does not say how many storeys its buildings have: areas count one, the fire assumes its own"
        findings.append(Finding("info", "storeys_assumed", text))
    return Result(rsl21(hp), legacy(hp, areas, states), float(cast.people), tuple(hp.tolist()), counts, tuple(findings))


def health(cast: Cast, burning: Mapping[str, tuple[float, float]], away: Mapping[str, float]) -> NDArray[np.float64]:
    """Return (people,) health points that are left to civilians, in the order of `Cast.civilians`.

    burning  id of a building -> s from and until which it burns, infinity: never
    away     id of a building -> s from which its people are out
    """
    hp = []
    for group in cast.civilians:
        begun, ended = burning.get(group.at, (np.inf, np.inf))
        inside = max(min(ended, away.get(group.at, np.inf)) - begun, 0.0) if np.isfinite(begun) else 0.0
        hp += [HP * max(1.0 - inside / ENDURES, 0.0)] * group.number
    return np.array(hp)


def state_of(course: Fates, i: int, *, watered: bool) -> str:
    """Return the word of `FACTORS` for what became of a building, by the share of its fuel that has burnt.

    watered  engines threw on it; counts where it never burnt
    """
    state, share = int(course.state[i]), float(np.nan_to_num(course.share[i], nan=1.0))
    third = int(np.searchsorted(THIRDS, share, side="right"))
    if state == BURNT_OUT:
        return "burnt_out"
    if state == EXTINGUISHED:
        return ("minor", "moderate", "severe")[third]
    if state == BURNING:
        return ("heating", "burning", "inferno")[third]
    return "water" if watered else "unburnt"


def _burning(course: Fates, end: float) -> list[tuple[float, float]]:
    """Return s from and until which each building burns."""
    return [
        (float(begun) if np.isfinite(begun) else np.inf, float(over) if np.isfinite(over) else end)
        for begun, over in zip(course.ignited, course.ended, strict=True)
    ]


def _away(ids: Sequence[str], course: Fates, fetched: Mapping[str, float] | None) -> dict[str, float]:
    out = {id_: float(s) for id_, s in zip(ids, course.away, strict=True) if np.isfinite(s)}
    for id_, s in (fetched or {}).items():
        out[id_] = min(s, out.get(id_, np.inf))
    return out
