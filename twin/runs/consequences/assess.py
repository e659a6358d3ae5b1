"""What a run does to buildings and people: hazard x exposure x vulnerability, with every assumption in the result."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import impact
from twin.errors import UsageError
from twin.impact import DEFAULT, Rules, Valuation, curve_set
from twin.impact.danger import AIDR_SOURCE
from twin.runs.consequences.exposure import OUTLINE
from twin.runs.consequences.over_time import SPEED_FROM
from twin.runs.consequences.tally import AFFECTED, BANDS, Tally
from twin.runs.consequences.worst import Worst
from twin.runs.frames.store import Frames, open_frames
from twin.runs.provenance import code_version

if TYPE_CHECKING:
    from twin.store import City

__all__ = ["AFFECTED", "BANDS", "Impact", "assess"]

#: where a rating, and where a class comes from (`worst.Worst`) -> in words
RATINGS = {
    "steps": "the greatest d (v + 0.5) of every time step with the debris factor of the greatest depth",
    "frames": "the worst of the {n} frames, not less than still water at the greatest depth",
    "depth": "still water at the greatest depth: the run keeps no speeds",
    "maxima": "an upper bound from the greatest depth and the greatest product of the run",
}
MOMENTS = {
    "steps": "the worst of every time step",
    "frames": "the worst of the {n} frames",
    "depth": "from the greatest depth alone: the run keeps no speeds",
}


@dataclass(frozen=True, slots=True)
class Impact:
    """What a run does to a city. `facts` is what `as_dict` returns; the properties are its first figures."""

    facts: Mapping[str, Any] = field(repr=False)

    @property
    def curve(self) -> str:
        """Return the name of the depth-damage curve."""
        return str(self.facts["curve"])

    @property
    def buildings_affected(self) -> int:
        """Return the number of buildings with water from `affected_from_m` on."""
        return int(self.facts["buildings_affected"])

    @property
    def damage_krw(self) -> float:
        """Return the damage in won."""
        return float(self.facts["damage_krw"])

    @property
    def people_exposed(self) -> float:
        """Return the number of people who live in affected buildings."""
        return float(self.facts["people_exposed"])

    def as_dict(self) -> dict[str, Any]:
        """Return all figures as JSON can hold them."""
        return dict(self.facts)


def assess(
    city: City, run_id: str, curve: str = DEFAULT, money: Valuation | None = None, rules: Rules | None = None
) -> Impact:
    """Return what a run does to buildings, people and roads; the same question again is answered from the store.

    run_id  id of a run, or a unique beginning of it
    curve   a name of `impact.CURVES`
    money   inputs of the sums; None: the stated defaults
    rules   limits that differ between users; None: the stated defaults

    Raises MissingError (no such run), UsageError (unknown curve; a failed run, or one without greatest depths).
    """
    curves = curve_set(curve)
    run = city.runs.get(run_id)
    money_used, rules_used = money or Valuation(), rules or Rules()
    usual = money_used == Valuation() and rules_used == Rules()
    stamp = {
        "run": run.id,
        "curve": curve,
        "snapshot": city.snapshot,
        "code": code_version(),
        "impact_code": impact_version(),
    }
    kept = city.runs.impact(run.id, curve) if usual else None
    if kept is not None and all(kept.get(key) == value for key, value in stamp.items()):
        return Impact(kept)
    frames = open_frames(city, run.id)
    if "max_depth" not in frames.summaries:
        raise UsageError(f"run {run.id} ({run.hazard}, {run.status}) has no greatest depths to assess")
    tally = Tally(city, frames, curves, money_used, rules_used)
    facts = stamp | {
        "status": run.status,
        "price_year": money_used.price_year,
        "exchange_krw_per_eur": money_used.krw_per_eur,
        "gdp_per_head_usd": money_used.gdp_per_head,
        "depreciation": money_used.depreciation,
        "curve_source": curves["residential"].source,
        "curves": {of: c.as_dict() for of, c in curves.items()},
        "affected_from_m": AFFECTED,
        **_said(frames, tally.worst),
        "rules": rules_used.as_dict(),
    }
    facts |= tally.facts()
    facts["unverified"] = [*money_used.unverified(curves), *rules_used.unverified()]
    if usual:
        city.runs.put_impact(run.id, curve, facts)
    return Impact(facts)


def _said(frames: Frames, worst: Worst) -> dict[str, Any]:
    """Return in words how depth, class, rating and times were found."""
    n = len(frames.times)
    every = max((b - a for a, b in zip(frames.times, frames.times[1:], strict=False)), default=0.0)
    return {
        "depth_rule": f"greatest depth that {1 - OUTLINE:.0%} of the cells around the building reach",
        "hazard_rule": f"{AIDR_SOURCE}; {MOMENTS[worst.aidr_from].format(n=n)}",
        "hazard_from": worst.aidr_from,
        "rating_rule": RATINGS[worst.rating_from].format(n=n),
        "rating_from": worst.rating_from,
        "time_rule": f"from {n} frames, straight between them; speeds count from {SPEED_FROM} m",
        "frame_every_s": every,
        "storey_rule": "storeys whose floor lies below the greatest depth; every basement of an affected building",
    }


@cache
def impact_version() -> str:
    """Return 8 hexadecimal digits of the curves, limits and formulas, which are no part of a run's own version."""
    digest = hashlib.sha256()
    for path in sorted(Path(impact.__file__).parent.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:8]
