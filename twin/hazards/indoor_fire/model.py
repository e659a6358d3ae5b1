"""Fire inside a building: a scenario and the rooms of a city become a zone model with people in it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import InputError, RefusedError, UsageError
from twin.hazards import Kept, Setting, Things, Watch
from twin.hazards.indoor_fire import shown
from twin.hazards.indoor_fire.building import begins, built
from twin.hazards.indoor_fire.course import Course
from twin.hazards.indoor_fire.design import USES
from twin.hazards.indoor_fire.graph import Graph, graph_of
from twin.hazards.indoor_fire.measures import MEASURES, carry_out, rehearse
from twin.hazards.indoor_fire.params import UNVERIFIED, Params, checked
from twin.hazards.indoor_fire.people import COUNTED, People, placed
from twin.hazards.indoor_fire.routes import Routes
from twin.hazards.indoor_fire.validated import VALIDATED
from twin.model.action import Action, Effect
from twin.model.finding import Finding
from twin.model.run import Budget, Frame

if TYPE_CHECKING:
    from twin.model.scenario import Ignition


class IndoorFireHazard:
    """Two layers of gas per room and people who leave; see `twin.hazards.Hazard` for the verbs."""

    inputs: Mapping[str, float | None] = {}
    forcing: tuple[str, ...] = ()
    assets: Mapping[str, tuple[str, ...]] = {"space": (), "door": (), "window": ()}
    sees: tuple[str, ...] = ()
    outputs = ("upper_temperature", "interface_height")
    summaries: tuple[str, ...] = ()
    members = Kept()
    measures = tuple(MEASURES)
    validated = VALIDATED

    def __init__(self) -> None:
        self._course: Course | None = None
        self._cells = np.zeros((1, 1), np.int64)
        self.findings: list[Finding] = []

    def start(self, setting: Setting) -> None:
        """Let the building stand at time 0 with its fires and people.

        Raises InputError, before anything moves, for what is wrong with the parameters, the rooms, the ignitions or
        the measures; `findings` then says what was found and assumed.
        """
        self._stand(setting)
        if setting.scenario.measures:
            rehearse(self.course, setting.scenario.measures)
            self._stand(setting)

    def _stand(self, setting: Setting) -> None:
        scenario = setting.scenario
        params = checked(scenario.params)
        whole = graph_of(setting.assets)
        if not scenario.ignitions:
            raise InputError("indoor_fire: nothing burns; give an [[ignition]] with the room as its target")
        burning = [_room_of(whole, ignition, params) for ignition in scenario.ignitions]
        graph = whole.joined_to(burning) if params.scope == "connected" else whole
        lit = [
            (ignition.name, graph.room(whole.rooms[n].id, "ignition"), ignition.at)
            for ignition, n in zip(scenario.ignitions, burning, strict=True)
        ]
        routes = Routes(graph, params)
        counts = _people(graph, params)
        shares = [_share(graph, n, params) for n in range(len(graph.joints))]
        _all_known(graph, params)
        warm = scenario.weather.temperature if scenario.weather else None
        outside = warm.at(0.0) if warm is not None else params.outside_c
        building = built(graph, params, begins(graph, params, lit), shares, outside)
        self._course = Course(graph, params, building, People(graph, routes, counts), shares)
        first = graph.rooms[lit[0][1]]
        storey = params.storey or first.storey
        floors = [room.floor for room in graph.rooms if room.storey == storey]
        if not floors:
            known = ", ".join(dict.fromkeys(room.storey for room in graph.rooms if room.storey)) or "none"
            raise InputError(f"indoor_fire parameter 'storey' is '{storey}', where no room lies; known: {known}")
        self._cells = shown.cells(setting.grid, graph, storey, min(floors))
        self.findings = [
            *graph.findings,
            *building.findings,
            *_assumed(graph, params, counts, routes),
        ]

    def advance(self, until: float, watch: Watch | None = None) -> Frame:
        """Move to `until` s and return upper layer in degC and height of its underside in m of the storey shown.

        Both are 0 beside its rooms. Of all rooms, doors and windows the values go by their ids.
        """
        course = self.course
        course.advance(until, watch)
        engine, ids = course.engine, [room.id for room in course.graph.rooms]

        def each(values: NDArray[Any]) -> dict[str, float]:
            return dict(zip(ids, (float(v) for v in values), strict=True))

        deep = engine.interface <= course.params.head_m
        things = {
            "upper_temperature": each(engine.upper_temperature),
            "lower_temperature": each(engine.lower_temperature),
            "interface_height": each(engine.interface),
            "optical_density": each(np.where(deep, engine.optical_density, engine.lower_optical_density)),
            "oxygen": each(engine.oxygen),
            "fractional_dose": each(np.maximum(engine.fed_gas, engine.fed_heat)),
            "heat_release": each(engine.heat_release),
            "room_people": each(course.people.count()),
            "door_opening": {
                joint.id: float(share)
                for joint, share in zip(course.graph.joints, course.share, strict=True)
                if joint.kind in ("door", "window")
            },
        }
        fields = {
            "upper_temperature": shown.laid(self._cells, engine.upper_temperature),
            "interface_height": shown.laid(self._cells, engine.interface),
        }
        return Frame(until, fields, things)

    def see(self, fields: Mapping[str, NDArray[np.floating]], things: Things) -> None:
        """Take nothing in: what burns around the building does not reach its rooms in this model."""

    def apply(self, action: Action) -> Effect:
        """Carry out an action now, as `measures` describes it. Raises UsageError, InputError."""
        return carry_out(self.course, action)

    def budget(self) -> Budget:
        """Return heat in MJ: released by fires, gone into linings and out through vents, and what the gas holds."""
        parts = self.course.engine.energy
        released, stored = parts["released"], parts["stored"]
        left = parts["to_linings"] + parts["through_vents"]
        error = parts["error"] / max(abs(released), abs(stored), 1e-3)
        entered = released + parts["with_fuel"]
        return Budget(entered, left, stored, error, {k: v for k, v in parts.items() if k != "error"}, unit="MJ")

    def summary(self) -> dict[str, NDArray[np.float32]]:
        """Return nothing: what is to be said of a whole run is said of rooms, in `aftermath`."""
        return {}

    def aftermath(self) -> dict[str, list[dict[str, object]]]:
        """Return "rooms" (see `shown.rows`), "evacuation" (one row, see `shown.evacuation`) and "findings"."""
        course = self.course
        said: list[Finding] = []
        fallen = [j.id for j, broken in zip(course.graph.joints, course.broken, strict=True) if broken]
        if fallen:
            text = f"{len(fallen)} windows fell out, their hot layer at {course.params.window_breaks_c:g} C"
            said.append(Finding("info", "windows_broken", text, fallen[0]))
        lit = [f for f, t in zip(course.building.fires, course.started, strict=True) if t <= course.time]
        spread = [fire for fire in lit if not math.isfinite(fire.begin)]
        if spread:
            names = ", ".join(course.graph.rooms[fire.room].name for fire in spread)
            said.append(Finding("warning", "fire_spread", f"the contents of {len(spread)} more rooms burn: {names}"))
        state = shown.evacuation(course)
        if state["inside"]:
            text = (
                f"{state['inside']} of {state['people']} people are still in the building, {state['down']} of them down"
            )
            said.append(Finding("warning", "people_inside", text))
        return {
            "rooms": shown.rows(course),
            "evacuation": [state],
            "findings": [asdict(finding) for finding in said],
        }

    def save(self) -> dict[str, NDArray[Any]]:
        """Return everything that has changed since the start, by name."""
        return self.course.save()

    def load(self, saved: Mapping[str, NDArray[Any]], done: Sequence[Action]) -> None:
        """Stand where `save` stood, after `start` with the same setting; what actions did is in what was saved."""
        del done
        self.course.load(saved)

    @property
    def cell_updates(self) -> int:
        """Rooms advanced so far, summed over the looks at them."""
        return self.course.steps * len(self.course.graph.rooms)

    @property
    def course(self) -> Course:
        """What has happened so far. Raises UsageError before `start`."""
        if self._course is None:
            raise UsageError("the indoor fire has not been started; call start first")
        return self._course


def _room_of(graph: Graph, ignition: Ignition, params: Params) -> int:
    """Return the number of the room that an ignition means: its target, or the room at its place."""
    what = f"ignition '{ignition.name}'"
    if ignition.target:
        return graph.room(ignition.target, what)
    import shapely

    found = [
        n
        for n, room in enumerate(graph.rooms)
        if len(room.outline) > 3
        and (not params.storey or room.storey == params.storey)
        and shapely.Polygon(room.outline).covers(shapely.Point(ignition.points[0]))
    ]
    if len(found) != 1:
        there = ", ".join(graph.rooms[n].name for n in found) or "no room"
        raise InputError(f"{what} at {ignition.points[0]}: {there} lies there; give the room as its 'target'")
    return found[0]


def _share(graph: Graph, number: int, params: Params) -> float:
    """Return how far a joint stands open at the start."""
    joint = graph.joints[number]
    if joint.kind == "door":
        return params.door_open.get(joint.id, params.outer_doors if joint.outer else params.doors)
    return params.window_open.get(joint.id, 0.0) if joint.kind == "window" else 1.0


def _all_known(graph: Graph, params: Params) -> None:
    """Raise InputError for a door or window in the parameters that is not there."""
    for kind, table in (("door", params.door_open), ("window", params.window_open)):
        for name in table:
            graph.joint(name, kind, f"indoor_fire parameter '{kind}_open'")


def _people(graph: Graph, params: Params) -> NDArray[np.int64]:
    """Return (rooms,) people at the start. Raises RefusedError for more than a building holds."""
    stated = {graph.room(name, "indoor_fire parameter 'people'"): n for name, n in params.people.items()}
    density = USES[params.use].people if params.people_per_m2 is None else params.people_per_m2
    counts = placed(graph, density, stated)
    if counts.sum() > COUNTED:
        raise RefusedError(f"indoor_fire: {int(counts.sum()):,} people; at most {COUNTED:,} can be followed")
    return counts


def _assumed(graph: Graph, params: Params, counts: NDArray[np.int64], routes: Routes) -> list[Finding]:
    """Return what was assumed of fire and people, and who has no way out."""
    found = [
        Finding(
            "info",
            "assumed",
            f"use '{params.use}' for {len(graph.rooms)} rooms, {int(counts.sum())} people, "
            f"detectors '{params.detectors}', sprinklers {'in every room' if params.sprinklers else 'none'}; "
            f"doors inside {params.doors:.0%} open",
        ),
        Finding("info", "unverified", "not verified at the source: " + "; ".join(UNVERIFIED)),
    ]
    if not routes.exits:
        found.append(Finding("warning", "no_exit", "no door of these rooms leads to the open: nobody can leave"))
        return found
    shut = [n for n, room in enumerate(graph.rooms) if counts[n] and routes.next(n, -1, frozenset())[0] < 0]
    if shut:
        lost = int(counts[shut].sum())
        names = ", ".join(graph.rooms[n].name for n in shut[:6])
        text = f"{lost} people in {len(shut)} rooms have no way out: {names}; the model has no door or stair for them"
        found.append(Finding("warning", "no_way_out", text, graph.rooms[shut[0]].id))
    return found
