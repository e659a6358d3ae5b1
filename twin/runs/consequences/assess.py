"""What a run does to buildings and people: hazard x exposure x vulnerability, with every assumption in the result."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin import impact
from twin.errors import UsageError, suggest
from twin.impact import CURVES, DEFAULT, Curve, Rules, Valuation, curve_set
from twin.impact.danger import AIDR_SOURCE
from twin.impact.fire import TOTAL_LOSS
from twin.runs.consequences.exposure import OUTLINE
from twin.runs.consequences.fire import fire_facts
from twin.runs.consequences.indoor import indoor_facts
from twin.runs.consequences.over_time import SPEED_FROM
from twin.runs.consequences.tally import AFFECTED, BANDS, Tally
from twin.runs.consequences.worst import Worst
from twin.runs.frames.store import Frames, open_frames
from twin.runs.provenance import code_version

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.store import City

__all__ = ["AFFECTED", "BANDS", "SUMS", "Impact", "assess"]

SUMS = ("buildings_affected", "damage_krw", "people_exposed")
"""What the consequences of every hazard are summed up in."""
SUM_RULE = (
    "a building that several hazards reach counts once, with its greatest damage, and its people once; people in the "
    "rooms of an indoor fire stand under its name and not in the sum"
)

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
        """Return the name of the depth-damage curve, or "total_loss" of fires."""
        return str(self.facts["curve"])

    @property
    def buildings_affected(self) -> int:
        """Return the number of buildings with water from `affected_from_m` on, or that burn."""
        return int(self._sum("buildings_affected"))

    @property
    def damage_krw(self) -> float:
        """Return the damage in won."""
        return self._sum("damage_krw")

    @property
    def people_exposed(self) -> float:
        """Return the number of people who live in buildings that water, fire or its heat reaches."""
        return self._sum("people_exposed")

    def _sum(self, name: str) -> float:
        value = self.facts.get(name)
        if value is None:
            raise UsageError(f"run {self.facts['run']} ({self.facts['hazard']}) is not assessed by '{name}'")
        return float(value)

    def as_dict(self) -> dict[str, Any]:
        """Return all figures as JSON can hold them."""
        return dict(self.facts)


def assess(
    city: City, run_id: str, curve: str = DEFAULT, money: Valuation | None = None, rules: Rules | None = None
) -> Impact:
    """Return what a run does to buildings, people and roads; the same question again is answered from the store.

    run_id  id of a run, or a unique beginning of it
    curve   a name of `impact.CURVES`, for floods; fires know one way to price, "total_loss"
    money   inputs of the sums; None: the stated defaults
    rules   limits that differ between users, for floods; None: the stated defaults

    Of a run of several hazards the result is that of the first one with those of the others in it, under their names;
    its three sums (`SUMS`) are then those of all, in which no building and nobody counts twice, and `alone` holds the
    sums of each.

    Raises MissingError (no such run), UsageError (unknown curve; a failed run, or one that keeps nothing to assess).
    """
    run = city.runs.get(run_id)
    frames = open_frames(city, run.id)
    parts = _parts(run, frames)
    if "flood" not in parts and curve not in (DEFAULT, TOTAL_LOSS):
        known = f"fires are priced as '{TOTAL_LOSS}'" if curve in CURVES else suggest(curve, (TOTAL_LOSS,))
        raise UsageError(f"curve '{curve}' is not for run {run.id} ({run.hazard}); {known}")
    chosen = curve if "flood" in parts else TOTAL_LOSS
    curves = curve_set(chosen) if "flood" in parts else {}
    money_used, rules_used = money or Valuation(), rules or Rules()
    usual = money_used == Valuation() and rules_used == Rules()
    stamp = {
        "run": run.id,
        "curve": chosen,
        "snapshot": city.snapshot,
        "code": code_version(),
        "impact_code": impact_version(),
    }
    kept = city.runs.impact(run.id, chosen) if usual else None
    if kept is not None and all(kept.get(key) == value for key, value in stamp.items()):
        return Impact(kept)
    told = stamp | {"status": run.status, "hazard": run.hazard}
    found: dict[str, dict[str, Any]] = {}
    for name in parts:
        if name == "flood":
            found[name] = _flood(city, frames, curves, money_used, rules_used)
        elif name == "fire":
            found[name] = fire_facts(city, run, frames, money_used)
        else:
            found[name] = {
                "buildings_affected": None,
                "damage_krw": None,
                **indoor_facts(city, run.id),
                "unverified": [],
            }
    facts = told | (joined(found) if len(found) > 1 else next(iter(found.values())))
    if usual:
        city.runs.put_impact(run.id, chosen, facts)
    return Impact(facts)


def _parts(run: Run, frames: Frames) -> list[str]:
    """Return the kinds of consequences that a run has, by what it keeps. Raises UsageError when there are none."""
    has = {
        "flood": "max_depth" in frames.summaries,
        "fire": "fire_arrival" in frames.summaries,
        "indoor_fire": "upper_temperature" in frames.quantities,
    }
    parts = [name for name, there in has.items() if there]
    if not parts:
        raise UsageError(f"run {run.id} ({run.hazard}, {run.status}) has no greatest depths to assess, and no fire")
    return parts


def _flood(city: City, frames: Frames, curves: Mapping[str, Curve], money: Valuation, rules: Rules) -> dict[str, Any]:
    """Return what the water of a run does."""
    tally = Tally(city, frames, curves, money, rules)
    facts = {
        "price_year": money.price_year,
        "exchange_krw_per_eur": money.krw_per_eur,
        "gdp_per_head_usd": money.gdp_per_head,
        "depreciation": money.depreciation,
        "curve_source": curves["residential"].source,
        "curves": {of: c.as_dict() for of, c in curves.items()},
        "affected_from_m": AFFECTED,
        **_said(frames, tally.worst),
        "rules": rules.as_dict(),
    }
    facts |= tally.facts()
    facts["unverified"] = [*money.unverified(curves), *rules.unverified()]
    return facts


def joined(found: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return the facts of several hazards of one run as one: of the first, with the others in it under their names.

    found  hazard -> its facts, two or more

    A building that several reach counts once, with its greatest damage; its people count once.
    """
    first, *others = found
    worst: dict[str, int] = {}
    people: dict[str, float] = {}
    alone = {name: {key: facts[key] for key in SUMS if key in facts} for name, facts in found.items()}
    for facts in found.values():
        for row in facts.get("buildings", ()):
            worst[row["id"]] = max(worst.get(row["id"], 0), row.get("damage_krw", 0))
            if row.get("exposed", True):
                people[row["id"]] = row.get("residents", 0.0)
    affected = {row["id"] for facts in found.values() for row in facts.get("buildings", ()) if _affected(row)}
    doubts = {d["code"] + d["value"]: d for facts in found.values() for d in facts.get("unverified", ())}
    return {
        **found[first],
        **{name: found[name] for name in others},
        "hazards": list(found),
        "alone": alone,
        "sum_rule": SUM_RULE,
        "buildings_affected": len(affected),
        "damage_krw": sum(worst.values()),
        "people_exposed": round(sum(people.values()), 1),
        "unverified": list(doubts.values()),
    }


def _affected(row: Mapping[str, Any]) -> bool:
    """Return whether a building's row is of one that is affected, and not only heated."""
    return row.get("state", "") not in ("unburnt", "heated")


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
