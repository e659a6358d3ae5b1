"""Reads CFAST's input files (Fortran namelists) into the rooms, vents and fires of the zone model."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from pathlib import Path

from tests.physics.cases.files import shared_folder
from twin.physics.zone_fire.engine import ZoneFire
from twin.physics.zone_fire.rooms import OUTSIDE, Ambient, Fan, Fire, Fuel, Lining, Room, Vent

Values = list[float | str | bool]


@dataclass(frozen=True, slots=True)
class Case:
    """What an input file says; `end` s."""

    rooms: tuple[Room, ...]
    vents: tuple[Vent, ...]
    fires: tuple[Fire, ...]
    fans: tuple[Fan, ...]
    ambient: Ambient
    end: float

    def engine(self) -> ZoneFire:
        """Return the model of the case at its start."""
        return ZoneFire(self.rooms, self.vents, self.fires, (), self.fans, self.ambient)


def folder() -> Path:
    """Return the folder of CFAST's cases. Raises NoSharedData."""
    return shared_folder() / "validation" / "fire" / "cfast"


def groups(text: str) -> list[tuple[str, dict[str, Values]]]:
    """Return the namelist groups of a file: name and values by key; text in quotes, numbers, .TRUE. and .FALSE."""
    found = []
    for body in re.findall(
        r"^\s*&(\w+)((?:'(?:[^']|'')*'|[^/'])*)/", re.sub(r"^\s*!.*$", "", text, flags=re.MULTILINE), re.MULTILINE
    ):
        tokens = re.findall(r"'(?:[^']|'')*'|=|[^\s,='(]+", body[1])
        values: dict[str, Values] = {}
        key = ""
        for i, token in enumerate(tokens):
            if token == "=":
                continue
            if i + 1 < len(tokens) and tokens[i + 1] == "=":
                key = token
                values[key] = []
            elif key:
                values[key].append(_value(token))
        found.append((body[0], values))
    return found


def _value(token: str) -> float | str | bool:
    """Return what a word of a namelist means."""
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if token.upper() in (".TRUE.", ".FALSE."):
        return token.upper() == ".TRUE."
    return float(token)


def read(path: Path) -> Case:
    """Return a case. Adiabatic where a surface is OFF or the file says so; targets and detectors are passed over."""
    every = groups(path.read_text())
    head = {name: values for name, values in every if name in ("INIT", "TIME", "MISC")}
    adiabatic = bool(head.get("MISC", {}).get("ADIABATIC", [False])[0])
    materials = {str(v["ID"][0]): v for name, v in every if name == "MATL"}

    def lining(comp: dict[str, Values], surface: str) -> Lining | None:
        name = str(comp.get(f"{surface}_MATL_ID", ["OFF"])[0])
        if adiabatic or name == "OFF":
            return None
        of = materials[name]
        numbers = [float(of[k][0]) for k in ("CONDUCTIVITY", "DENSITY", "SPECIFIC_HEAT", "THICKNESS", "EMISSIVITY")]
        numbers[3] = float(comp.get(f"{surface}_THICKNESS", [numbers[3]])[0])
        return Lining(numbers[0], numbers[1], 1000 * numbers[2], numbers[3], numbers[4])

    comps = {str(v["ID"][0]): v for name, v in every if name == "COMP"}
    rooms = []
    for name, v in comps.items():
        width, depth, height = (float(v[k][0]) for k in ("WIDTH", "DEPTH", "HEIGHT"))
        ratio = [float(x) for x in v.get("LEAK_AREA_RATIO", [0.0, 0.0])]
        leakage = ratio[0] * 2 * (width + depth) * height + ratio[1] * width * depth
        rooms.append(
            Room(
                name,
                width * depth,
                height,
                float(v["ORIGIN"][2]),
                2 * (width + depth),
                *(lining(v, surface) for surface in ("CEILING", "WALL", "FLOOR")),
                leakage=leakage,
                mixed=bool(v.get("SHAFT", [False])[0]),
            )
        )
    vents, fans = _vents(every, {room.id: room for room in rooms})
    chemistry = {str(v["ID"][0]): v for name, v in every if name == "CHEM"}
    fires = []
    for name, v in every:
        if name == "FIRE":
            key = str(v["FIRE_ID"][0])
            table = [t for n, t in every if n == "TABL" and t["ID"][0] == key]
            fires.append(_fire(v, chemistry[key], table, comps[str(v["COMP_ID"][0])]))
    init = head["INIT"]
    ambient = Ambient(
        float(init["EXTERIOR_TEMPERATURE"][0]),
        float(init["INTERIOR_TEMPERATURE"][0]),
        float(init["PRESSURE"][0]),
        humidity=float(init["RELATIVE_HUMIDITY"][0]) / 100,
    )
    return Case(tuple(rooms), vents, tuple(fires), fans, ambient, float(head["TIME"]["SIMULATION"][0]))


def _ends(v: dict[str, Values]) -> tuple[str, str]:
    """Return the two rooms of a vent."""
    first, second = (OUTSIDE if str(name).upper() == "OUTSIDE" else str(name) for name in v["COMP_IDS"])
    return first, second


def _share(v: dict[str, Values]) -> float | tuple[tuple[float, float], ...]:
    """Return the open share of a vent, over time where the file has it so."""
    if v.get("CRITERION", [""])[0] != "TIME":
        return 1.0
    return tuple((float(t), float(f)) for t, f in zip(v["T"], v["F"], strict=True))


def _vents(
    every: list[tuple[str, dict[str, Values]]], rooms: dict[str, Room]
) -> tuple[tuple[Vent, ...], tuple[Fan, ...]]:
    """Return vents and fans."""
    vents, fans = [], []
    for name, v in every:
        if name != "VENT":
            continue
        kind, key, between = v["TYPE"][0], str(v["ID"][0]), _ends(v)
        if kind == "WALL":
            bottom = float(v["BOTTOM"][0])
            top = bottom + float(v["HEIGHT"][0])
            vents.append(Vent(key, between, "wall", float(v["WIDTH"][0]), bottom, top, open=_share(v)))
        elif kind in ("CEILING", "FLOOR"):
            # the file names the upper room first
            lower_first = (between[1], between[0])
            is_round = v["SHAPE"][0] == "ROUND"
            vents.append(Vent(key, lower_first, "ceiling", area=float(v["AREA"][0]), round=is_round, open=_share(v)))
        else:
            inside = next(n for n in between if n != OUTSIDE)
            height = float(v["HEIGHTS"][1 if between[0] == OUTSIDE else 0])
            cutoff = [float(x) for x in v.get("CUTOFFS", [200.0, 300.0])]
            flow = float(v["FLOW"][0])
            fans.append(Fan(key, between, flow, min(height, rooms[inside].height), (cutoff[0], cutoff[1]), _share(v)))
    return tuple(vents), tuple(fans)


def _fire(
    v: dict[str, Values], chem: dict[str, Values], table: list[dict[str, Values]], comp: dict[str, Values]
) -> Fire:
    """Return a fire; at a wall or in a corner by its place."""
    labels = [str(x) for x in table[0]["LABELS"]]
    rows = [dict(zip(labels, (float(x) for x in t["DATA"]), strict=True)) for t in table[1:]]
    x, y = (float(p) for p in v["LOCATION"])
    # a round burner of this area touches a wall: its plume is half of one of twice the fire
    radius = math.sqrt(rows[0]["AREA"] / math.pi)
    near = sum(min(at, float(comp[side][0]) - at) <= radius for at, side in ((x, "WIDTH"), (y, "DEPTH")))
    fuel = Fuel(
        *(float(chem[k][0]) for k in ("CARBON", "HYDROGEN", "OXYGEN", "NITROGEN")),
        heat_of_combustion=float(chem["HEAT_OF_COMBUSTION"][0]),
        radiative_fraction=float(chem["RADIATIVE_FRACTION"][0]),
        soot=rows[0]["SOOT_YIELD"],
        co=rows[0]["CO_YIELD"],
        hcn=rows[0]["HCN_YIELD"],
    )
    heat = tuple((row["TIME"], row["HRR"]) for row in rows)
    place = ("centre", "wall", "corner")[near]
    return Fire(str(v["ID"][0]), str(v["COMP_ID"][0]), heat, rows[0]["AREA"], rows[0]["HEIGHT"], place, fuel)
