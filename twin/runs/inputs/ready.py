"""A scenario over a city, ready to begin: measures and ignitions placed, inputs on the grid, weather from sensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.runs.inputs.place import with_targets
from twin.runs.inputs.prepare import Prepared, prepare
from twin.runs.inputs.weather import with_weather

if TYPE_CHECKING:
    from twin.hazards import Hazard
    from twin.model.scenario import Scenario
    from twin.store import City


def made_ready(city: City, scenario: Scenario, hazard: Hazard) -> tuple[Scenario, Prepared]:
    """Return the scenario as the hazard is to see it, and what it starts from. Raises what the parts of it raise."""
    placed = with_targets(city, scenario)
    ready = prepare(city, placed, hazard.inputs, hazard.forcing, hazard.assets)
    acting, findings = with_weather(city, placed, ready.grid)
    ready.findings += findings
    return acting, ready
