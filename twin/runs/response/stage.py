"""Everything a response needs of a city, at hand without the twin: so that other processes can play it too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from twin.errors import MissingError, suggest
from twin.geometry.network import nearest
from twin.hazards import make
from twin.model.finding import Finding
from twin.model.response.city import Unit
from twin.model.response.drill import Drill
from twin.runs.inputs.ready import made_ready
from twin.runs.response.control import Control
from twin.runs.response.courses import Layout, layout_of
from twin.runs.response.crowds import crowd_of
from twin.runs.response.damage import Prices, prices_of
from twin.runs.response.facts import facts_of
from twin.runs.response.forecast import Forecaster
from twin.runs.response.guard import Guard
from twin.runs.response.perceive import Senses, Sensor, sensors_of
from twin.runs.response.pool import Together
from twin.runs.response.roles import Memory
from twin.runs.response.targets import Targets, targets_of
from twin.runs.response.town import Town, TownSettings

if TYPE_CHECKING:
    from twin.agents import Agent
    from twin.model.response.city import Facts, Network
    from twin.model.response.drill import Force
    from twin.model.scenario import Scenario
    from twin.runs.inputs.prepare import Prepared
    from twin.shield.policy import Policy
    from twin.store import City


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """A city laid out for a response.

    scenario   with its measures placed;   drill  its response
    coarse, coarse_layout   the city on the grid of the forecasts
    units      as they stand at the start
    findings   what is missing or assumed
    """

    scenario: Scenario
    drill: Drill
    facts: Facts
    targets: Targets
    prices: Prices
    coarse: Prepared
    coarse_layout: Layout
    sensors: Sequence[Sensor]
    units: tuple[Unit, ...]
    findings: tuple[Finding, ...]

    def town(self, seed: int) -> Town:
        """Return the people and units of the city as they stand at the start."""
        return Town.of(self.facts, self.units, TownSettings.of(self.drill), seed)

    def control(
        self,
        scenario: Scenario,
        fine: Prepared,
        layout: Layout,
        agents: Sequence[Agent],
        policy: Policy | None,
        memory: Memory,
        together: Together,
        *,
        perfect: bool = False,
    ) -> Control:
        """Return who conducts a run of a scenario on the grid of `fine`.

        perfect  forecasts know everything beforehand
        """
        ground = np.nan_to_num(fine.fields["elevation"]).ravel() if "elevation" in fine.fields else np.zeros(0)
        return Control(
            scenario=scenario,
            drill=self.drill,
            facts=self.facts,
            targets=self.targets,
            prices=self.prices,
            layout=layout,
            town=self.town(scenario.seed),
            believed=self.town(scenario.seed + 1),
            senses=Senses(self.facts, self.drill, scenario, self.sensors, ground),
            forecaster=Forecaster(
                told_coarsely(scenario), self.coarse, self.coarse_layout, self.drill, together, perfect=perfect
            ),
            agents=agents,
            guard=Guard(),
            policy=policy,
            memory=memory,
            crowds=None
            if self.drill.crowd is None
            else crowd_of(self.drill.crowd, self.facts, scenario.duration, scenario.seed),
        )


def stage_of(city: City, scenario: Scenario, fine: Prepared) -> Stage:
    """Return a city laid out for the response of a scenario.

    scenario  as it acts, with measures placed;   fine  the city on the grid of its run

    Raises MissingError where units stand at something that is not there.
    """
    drill = scenario.response or Drill()
    facts, findings = facts_of(city)
    coarse_scenario = replace(scenario, cell=max(drill.forecast_cell, scenario.cell))
    _, coarse = made_ready(city, coarse_scenario, make(scenario.hazard))
    if "fire" not in scenario.hazard:
        # water in basements decides nothing that a forecast is asked, and a thousand of them take most of its time
        coarse.assets["building"] = []
    grid = fine.grid
    sensors = sensors_of(city, facts, (grid.west, grid.south, grid.cell, grid.nx, grid.ny))
    return Stage(
        scenario,
        replace(drill, forecast_cell=coarse_scenario.cell),
        facts,
        targets_of(city),
        prices_of(city, facts),
        coarse,
        layout_of(city, facts, coarse.grid),
        sensors,
        tuple(_units(drill.forces, facts)),
        (*findings, *_missing(scenario, drill, sensors)),
    )


def told_coarsely(scenario: Scenario) -> Scenario:
    """Return a scenario as forecasts on coarse cells take it: buildings share cells with streets, they are no walls.

    With walls, cells of 30 m beside houses have no streets left: of the half-basements that a cloudburst over the demo
    city reaches at 10 m, they find 65 %, porosity finds 85 %.
    """
    if "flood" not in scenario.hazard.split("+"):
        return scenario
    if "+" not in scenario.hazard:
        return replace(scenario, params={"buildings": "porosity", **scenario.params})
    table = scenario.params.get("flood", {})
    flood = {"buildings": "porosity", **(dict(table) if isinstance(table, Mapping) else {})}
    return replace(scenario, params={**scenario.params, "flood": flood})


def _missing(scenario: Scenario, drill: Drill, sensors: Sequence[Sensor]) -> Iterator[Finding]:
    """Yield what a response does without."""
    if scenario.response is None:
        yield Finding(
            "warning", "response_unstated", "the scenario has no table 'response': nobody stands ready to act"
        )
    elif not drill.forces:
        yield Finding("warning", "response_forces", "response: no [[response.force]] stands ready; nobody drives out")
    if not sensors:
        yield Finding("warning", "response_sensors", "the twin has no gauge of rain, level or underpass to see by")
    if "flood" in scenario.hazard and scenario.rain is None and not scenario.gauges and scenario.rain_from:
        text = (
            "rain from maps or the twin's gauges is not seen by virtual rain gauges, and forecasts know it beforehand"
        )
        yield Finding("warning", "response_rain", text)


def _units(forces: Sequence[Force], facts: Facts) -> Iterator[Unit]:
    """Yield the units of a drill at the nodes nearest to where they stand, numbered by kind."""
    count: dict[str, int] = {}
    places = {site.id: site.node for site in facts.sites} | {home.id: home.node for home in facts.homes}
    for force in forces:
        node = _node(force, places, facts.roads)
        for _ in range(force.number):
            count[force.kind] = count.get(force.kind, 0) + 1
            yield Unit(f"{force.kind}-{count[force.kind]:02d}", force.kind, node, 0.0, force.speed, force.seats)


def _node(force: Force, places: dict[str, int], roads: Network) -> int:
    if force.at and force.at not in places:
        raise MissingError(f"response.force: {force.kind} stands at '{force.at}'; {suggest(force.at, places)}")
    if force.at and places[force.at] >= 0:
        return places[force.at]
    if force.at:
        raise MissingError(f"response.force: {force.kind} stands at '{force.at}', and no road is near it")
    found = nearest(roads, np.array([force.x]), np.array([force.y]), cars=True)
    if int(found[0]) < 0:
        raise MissingError(f"response.force: {force.kind} at {force.x:g}, {force.y:g}: no road is near")
    return int(found[0])
