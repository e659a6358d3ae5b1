"""From the things of a city to structures in the water: pumps, gates, culverts, underpasses, basements."""

from __future__ import annotations

from typing import TYPE_CHECKING

from twin.errors import InputError
from twin.hazards.flood.underground import UNDERPASS_DEPTH, Missing, basements, together, underpass
from twin.hazards.flood.works import CITY_INTAKE, CULVERT_DIAMETER, GATE_HEIGHT, GATE_WIDTH, around, ends, hole
from twin.model.finding import Finding
from twin.model.scenario import Series

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from twin.model.asset import Asset
    from twin.model.field import FieldSeries, Grid
    from twin.physics.shallow_water.engine import ShallowWater
    from twin.physics.shallow_water.structures.storage import Bottom

KINDS = ("pump", "gate", "culvert", "underpass", "building")
"""Kinds of features that this room makes structures of."""

UNDERPASSES, BASEMENTS = "underpasses", "basements"
"""Names of the two structures that hold all storages of a kind."""

NAMED = 10
"""Ids that a finding names."""


def build(
    engine: ShallowWater, grid: Grid, assets: Mapping[str, Sequence[Asset]], params: Mapping[str, object]
) -> list[Finding]:
    """Put the city's things into the engine as structures; return what had to be assumed or left out.

    assets  kind -> things, as `Setting.assets`
    params  of the flood: `pumps`, `gates` ("auto" or "off"), `underpasses` ("storage", "cut", "none"), `basements`
            ("storage", "none")
    """
    findings: list[Finding] = []
    near = {kind: _here(grid, kind, assets.get(kind, ()), findings) for kind in KINDS}
    if params.get("gates", "auto") == "auto":
        findings += _each(engine, grid, near["gate"], _gate)
        findings += _each(engine, grid, near["culvert"], _culvert)
    if params.get("underpasses", "storage") == "storage":
        findings += _underpasses(engine, grid, near["underpass"])
    if params.get("basements", "storage") == "storage":
        below = [a for a in near["building"] if a.params.get("half_basement") or _count(a) > 0]
        findings += _basements(engine, grid, below)
    if params.get("pumps", "auto") == "auto":
        findings += _each(engine, grid, near["pump"], _pump)
    return findings


def storages(engine: ShallowWater) -> list[dict[str, object]]:
    """Return each storage of a run that water has reached: id, kind, capacity and content in m3, limits passed.

    kind        "underpass" or "basement"
    deepest_m   greatest depth of water so far
    limits      name of a limit (`storage.LIMITS`) -> s from the start at which the water at an entrance passed it
    """
    from twin.physics.shallow_water.structures.storage import Storages

    return [
        {"id": id_, "kind": kind, **row}
        for name, kind in ((UNDERPASSES, "underpass"), (BASEMENTS, "basement"))
        if isinstance(held := engine.structures.get(name), Storages)
        for id_, row in held.reached().items()
    ]


def _here(grid: Grid, kind: str, assets: Sequence[Asset], findings: list[Finding]) -> list[Asset]:
    """Return the assets that have a point inside the grid; how many have none is a finding."""
    west, south, east, north = grid.bounds
    inside = [a for a in assets if any(west <= x < east and south <= y < north for x, y in a.points)]
    if len(inside) < len(assets):
        out = sorted({a.id for a in assets} - {a.id for a in inside})
        findings.append(_assumed(f"{kind}_outside", f"of kind '{kind}' lie outside the area and take no part", out))
    return inside


def _each(
    engine: ShallowWater,
    grid: Grid,
    assets: Sequence[Asset],
    make: Callable[[ShallowWater, Grid, Asset, Missing], None],
) -> list[Finding]:
    """Make a structure of each asset; one that cannot be is left out with its reason."""
    findings, missing = [], Missing()
    for asset in assets:
        try:
            make(engine, grid, asset, missing)
        except InputError as error:
            findings.append(Finding("warning", f"{asset.kind}_left_out", str(error), asset.id))
    kind = assets[0].kind if assets else ""
    return findings + [_assumed(f"{kind}_{what}", SAYS[f"{kind}_{what}"], ids) for what, ids in missing.items()]


def _assumed(code: str, says: str, ids: Sequence[str]) -> Finding:
    """Return one finding about things that lack the same."""
    severity = "warning" if code in WARNINGS else "info"
    return Finding(severity, code, f"{len(ids)} {says}", ", ".join(ids[:NAMED]))


def _pump(engine: ShallowWater, grid: Grid, asset: Asset, missing: Missing) -> None:
    """Put a pump: on when water stands at its intake, or above its `level` where it states one; to the outside.

    One that stands on the ground of an underpass empties that.
    """
    from twin.physics.shallow_water.structures.pump import Pump, Rule

    name = f"pump '{asset.id}'"
    rate, level = _number(asset, "rate"), _number(asset, "level")
    if rate is None or rate <= 0:
        missing.setdefault("rate", []).append(asset.id)
    rule = Rule() if level is None else Rule(level, level - (Rule().start - Rule().stop), level=True)
    intake = around(engine, grid, asset.points[0], CITY_INTAKE, name, dry=True)
    sump = _sump(engine, grid, asset)
    pump = Pump(name, intake, asset=asset.id, rate=max(rate or 0.0, 0.0), rule=rule, sump=sump)
    pump.place = asset.points[0]
    engine.put(pump)


def _sump(engine: ShallowWater, grid: Grid, asset: Asset) -> Bottom | None:
    """Return the bottom of the underpass on whose ground a pump stands, if it does: that is what it empties."""
    from twin.physics.shallow_water.structures.storage import Bottom, Storages

    held = engine.structures.get(UNDERPASSES)
    if not isinstance(held, Storages):
        return None
    (x, y), (west, south) = asset.points[0], grid.bounds[:2]
    number = held.below(int((y - south) // grid.cell), int((x - west) // grid.cell))
    return None if number is None else Bottom(held, number)


def _gate(engine: ShallowWater, grid: Grid, asset: Asset, missing: Missing) -> None:
    _opening(engine, grid, asset, missing, culvert=False)


def _culvert(engine: ShallowWater, grid: Grid, asset: Asset, missing: Missing) -> None:
    _opening(engine, grid, asset, missing, culvert=True)


def _opening(engine: ShallowWater, grid: Grid, asset: Asset, missing: Missing, *, culvert: bool) -> None:
    """Put a gate or a culvert between the ends of its line, open as far as it states, else fully."""
    from twin.physics.shallow_water.structures.opening import Opening

    name = f"{asset.kind} '{asset.id}'"
    if len(asset.points) < 2:
        missing.setdefault("point", []).append(asset.id)
        return
    given = {key: float(asset.params[key]) for key in SIZES if _number(asset, key) is not None}
    wrong = [f"{key} {given[key]:g} m" for key in ("width", "height", "diameter") if given.get(key, 1.0) <= 0]
    if wrong:
        raise InputError(f"{name}: {', '.join(wrong)} must be above 0; mend it in the city's data")
    if "width" not in given and "diameter" not in given:
        missing.setdefault("width", []).append(asset.id)
    if "level" not in given:
        missing.setdefault("level", []).append(asset.id)
    cells = ends(engine, grid, asset.points, max(grid.cell, given.get("width", GATE_WIDTH) / 2), name)
    given["flap"] = float(asset.params.get("flap") is True)
    opening = min(max(_number(asset, "opening") or 0.0, 0.0), 1.0) if "opening" in asset.params else 1.0
    made = hole(engine, cells, asset.points, given, culvert=culvert)
    engine.put(Opening(name, cells, made, Series((0.0,), (opening,)), asset=asset.id))


def _underpasses(engine: ShallowWater, grid: Grid, assets: Sequence[Asset]) -> list[Finding]:
    from twin.physics.shallow_water.structures.storage import Storages

    missing = Missing()
    vessels = [v for pieces in together(assets) if (v := underpass(engine, grid, pieces, missing)) is not None]
    if vessels:
        engine.put(Storages(UNDERPASSES, "underpass_depth", vessels, lambda time: _rain(engine.rain, time)))
    return [_assumed(f"underpass_{what}", SAYS[f"underpass_{what}"], ids) for what, ids in missing.items()]


def _basements(engine: ShallowWater, grid: Grid, assets: Sequence[Asset]) -> list[Finding]:
    from twin.physics.shallow_water.structures.storage import Storages

    missing = Missing()
    vessels = basements(engine, grid, assets, missing)
    if vessels:
        engine.put(Storages(BASEMENTS, "basement_depth", vessels))
    return [_assumed(f"basement_{what}", SAYS[f"basement_{what}"], ids) for what, ids in missing.items()]


def _rain(rain: Series | FieldSeries, time: float) -> float:
    """Return what the cells take their share of at `time` s, in m s-1; of maps of rain the shares are the rates."""
    if isinstance(rain, Series):
        return rain.at(time)
    return 1.0 if time >= rain.times[0] else 0.0


def _number(asset: Asset, key: str) -> float | None:
    """Return an attribute when it is a number."""
    value = asset.params.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _count(asset: Asset) -> float:
    return _number(asset, "basements") or 0.0


SIZES = ("width", "height", "diameter", "level", "roughness")
"""Attributes that say how large an opening is."""

WARNINGS = {
    "pump_rate",
    "gate_point",
    "culvert_point",
    "underpass_point",
    "underpass_size",
    "underpass_no_entrance",
    "basement_no_entrance",
}
"""Findings that leave something out."""

SAYS = {
    "pump_rate": "pumps state no rate above 0 and move nothing until a measure gives them one",
    "gate_point": "gates are points; only one that is drawn as a line from side to side can let water through",
    "gate_width": f"gates state no width; {GATE_WIDTH:g} m wide and {GATE_HEIGHT:g} m high are assumed",
    "gate_level": "gates state no sill level; the ground at their higher end is assumed",
    "culvert_point": "culverts are points; only one that is drawn as a line can let water through",
    "culvert_width": f"culverts state no size; a pipe of {CULVERT_DIAMETER:g} m is assumed",
    "culvert_level": "culverts state no level; the ground at their higher end is assumed",
    "underpass_point": "underpasses are points without a length and are left out",
    "underpass_size": "underpasses have no length, width or depth above 0 and are left out",
    "underpass_depth": f"underpasses state no depth; {UNDERPASS_DEPTH:g} m are assumed",
    "underpass_width": "underpasses state neither width nor lanes; two lanes of 3.5 m are assumed",
    "underpass_no_entrance": "underpasses have no end on free ground in the area and are left out",
    "basement_no_entrance": "buildings with rooms below the ground have no free ground beside them and are left out",
    "basement_half_sill": "half-basements: windows and doors are assumed to begin 0.2 m above the ground, the floor to "
    "lie 1.5 m below it",
    "basement_first_floor": "basements state no first floor; their stairs are assumed to begin 0.15 m above the ground",
    "basement_plan": "basements have no outline and no floor area; 100 m2 are assumed",
}
"""What a finding says after the number of things."""
