"""Underpasses and basements: closed, boarded up, pumped dry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.errors import InputError, suggest
from twin.hazards._values import flag, number
from twin.hazards.flood.assets import BASEMENTS, UNDERPASSES
from twin.hazards.flood.measures.furniture import known
from twin.model.action import Action, Effect

if TYPE_CHECKING:
    from twin.model.field import Grid
    from twin.physics.shallow_water.engine import ShallowWater

BOARDS = 5.0
"""m, the highest flood boards that anybody can mean."""


def underpass(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Close an underpass to traffic (`closed`), put `boards` m high across its entrances, pump `pump` m3 s-1 out of it.

    Without a target all of them. Boards of 0 m and a pump of 0 take away what is there. That it is closed changes no
    water; it is kept with the run for those who send traffic.
    """
    del grid
    params = known(action, {"boards", "closed", "pump"})
    if "closed" not in params:
        return _set(engine, action, UNDERPASSES)
    closed = flag(params["closed"], "underpass: 'closed'")
    says = f"underpass {action.target or '(all)'} {'closed to' if closed else 'open for'} traffic"
    if UNDERPASSES not in engine.structures and not {"boards", "pump"} & set(params):
        return Effect(action, 0, says)
    effect = _set(engine, action, UNDERPASSES)
    return Effect(action, effect.cells, f"{says}; {effect.note}" if {"boards", "pump"} & set(params) else says)


def basement(engine: ShallowWater, grid: Grid, action: Action) -> Effect:
    """Put `boards` m high before the entrances of a building's basement, or pump `pump` m3 s-1 out of it.

    The target is the building; without one all of them. Boards of 0 m and a pump of 0 take away what is there.
    """
    del grid
    known(action, {"boards", "pump"})
    return _set(engine, action, BASEMENTS)


def _set(engine: ShallowWater, action: Action, name: str) -> Effect:
    """Set boards, pumps and closures of one or all storages of a kind. Raises InputError when there is none such."""
    from twin.physics.shallow_water.structures.storage import Storages

    held, params = engine.structures.get(name), action.params
    if not {"boards", "pump", "closed"} & set(params):
        raise InputError(f"{action.kind}: nothing to do; give {suggest('', _keys(action))}".rstrip("."))
    if not isinstance(held, Storages):
        raise InputError(f'{action.kind}: the run has no {name}; set {name} = "storage" where the city has some')
    if action.target and action.target not in held.number:
        raise InputError(f"{action.kind}: '{action.target}' is not there; {suggest(action.target, held.ids)}")
    which = [held.number[action.target]] if action.target else list(range(len(held.ids)))
    notes = []
    if "boards" in params:
        height = number(params["boards"], f"{action.kind}: 'boards'", 0.0, BOARDS)
        held.boards[which] = height
        notes.append(f"boards of {height:g} m")
    if "pump" in params:
        rate = number(params["pump"], f"{action.kind}: 'pump'", 0.0, 1e3)
        held.pumps[which] = rate
        notes.append(f"a pump of {rate:g} m3/s")
    if "closed" in params:
        held.closed[which] = params["closed"]
    return Effect(action, len(which), f"{' and '.join(notes) or 'nothing else'} at {len(which)} {name}")


def _keys(action: Action) -> list[str]:
    return ["boards", "closed", "pump"] if action.kind == "underpass" else ["boards", "pump"]
