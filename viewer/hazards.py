"""Which hazards a run is of: what a page says, colours and counts follows from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.record import ensemble

if TYPE_CHECKING:
    from twin.model.run import Budget, Run
    from twin.store import City


def parts(run: Run) -> tuple[str, ...]:
    """Return the hazards of a run: ("flood",), or several that saw each other."""
    return tuple(run.hazard.split("+"))


def of(city: City, run: str) -> tuple[str, ...]:
    """Return the hazards of a run by its id; none without a run."""
    return parts(city.runs.get(run)) if run else ()


def floods(city: City, run: str) -> bool:
    """Return whether water flows in a run."""
    return "flood" in of(city, run)


def burns(city: City, run: str) -> bool:
    """Return whether fire spreads over the ground and from building to building in a run."""
    return "fire" in of(city, run)


def indoors(city: City, run: str) -> bool:
    """Return whether a run is of a fire inside a building."""
    return "indoor_fire" in of(city, run)


def building_colours(city: City, run: str) -> tuple[str, ...]:
    """Return what can colour the buildings of a run (`layers.At.colour`), the most telling first."""
    members = bool(ensemble(city, run))
    return (
        *(("probability",) if members else ()),
        *(("fire",) if burns(city, run) and not members else ()),
        *(("depth",) if floods(city, run) else ()),
        "height",
    )


def budgets(run: Run) -> tuple[Budget, ...]:
    """Return the budgets of a run, one for each hazard that keeps one."""
    return (run.budget, *run.budget.also)
