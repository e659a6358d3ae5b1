"""From a RoboCup Rescue map in a twin to a scenario document: a fire, the weather, and the brigades of the map."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from twin.errors import InputError, suggest
from twin.model.action import Action
from twin.runs.response.rescue.cast import Cast

STEP = 60.0
"""s of a step of the league; one step of its simulator is a minute."""

STEPS = 100
"""Steps of an exercise, at the least (rules of 2025: 100 to 1,000)."""

TANK = 7500.0
"""L of water that a brigade of the league carries; from memory, unverified. The fire's own default is a third of it."""

HEARD = STEP
"""s from the beginning of a fire until brigades are sent: the league's agents act on what they see in the next step."""


def document_of(
    cast: Cast,
    start: datetime,
    *,
    ignite: Sequence[str] = (),
    wind: tuple[float, float] = (0.0, 0.0),
    steps: int = STEPS,
    cell: float = 2.0,
    measures: Sequence[Action] = (),
    params: Mapping[str, float | str] | None = None,
    title: str = "구조 로봇 대회 지도의 화재",
    title_en: str = "Fire on a RoboCup Rescue map",
) -> str:
    """Return a scenario document (TOML) of a fire on the map, with its brigades as forces of the response.

    start     with its zone
    ignite    ids of buildings that burn from the beginning, besides the fires that the map's scenario names
    wind      m s-1, degree it blows from
    measures  what is done whatever comes, as `called_out` gives it; numbers, texts and lists of them only
    params    of the fire (table `[fire]`); None: `TANK`

    Weather, and what the buildings are of, are not facts of the map: the first is the caller's, the second is assumed
    by the fire and stands in the findings of the run. Raises InputError without a fire, for a building that the map
    does not have, and for a time without zone.
    """
    if start.tzinfo is None:
        raise InputError(f"start {start.isoformat()} has no time zone; give one")
    burning = list(dict.fromkeys([*(fire.at for fire in cast.fires), *ignite]))
    for building in burning:
        if building not in cast.buildings:
            raise InputError(f"a fire is to begin in '{building}', no building; {suggest(building, cast.buildings)}")
    if not burning:
        raise InputError("the map's scenario names no fire; give `ignite`, ids of buildings that burn")
    table = {"tank_l": TANK} if params is None else params
    lines = [
        f"title = {_text(title)}",
        f"title_en = {_text(title_en)}",
        'hazard = "fire"',
        f"start = {start.isoformat()}",
        f"duration_s = {steps * STEP:g}",
        f"frame_every_s = {STEP:g}",
        f"cell_m = {cell!r}",
        "[weather]",
        f"wind_m_per_s = {float(wind[0])!r}",
        f"wind_from_deg = {float(wind[1])!r}",
    ]
    lines += [
        "[fire]",
        *(f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in table.items()),
    ]
    for number, building in enumerate(burning):
        lines += ["[[ignition]]", f'name = "fire {number + 1}"', f"target = {_text(building)}"]
    for action in measures:
        lines += ["[[measure]]", f"kind = {_text(action.kind)}", f"at_min = {action.at / 60!r}"]
        lines += [f"target = {_text(action.target)}"] if action.target else []
        lines += [f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in action.params.items()]
    # the league's agents decide once a step, and see in one what happened in the one before
    lines += ["[response]", "cycle_min = 1.0", "report_after_min = 0.5", "horizon_min = 20.0", "preparing_min = 1.0"]
    lines += ["members = 2", "forecast_cell_m = 4.0", "proof_cell_m = 4.0"]
    for kind, units in sorted(cast.units.items()):
        for unit in units:
            lines += ["[[response.force]]", f"kind = {_text(kind)}", "number = 1"]
            lines += [f"x = {unit.x!r}", f"y = {unit.y!r}"]
    return "\n".join(lines) + "\n"


def called_out(cast: Cast, target: str, at: float = HEARD) -> tuple[Action, ...]:
    """Return the actions that send every fire brigade of the map, from where it stands, to a building at `at` s."""
    return tuple(
        Action("engine", at, target, {"from": [unit.x, unit.y], "number": 1}) for unit in cast.units.get("engine", ())
    )


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
