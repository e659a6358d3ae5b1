"""Rooms of one storey as fields on the grid, and rooms as rows of a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.hazards._places import inside
from twin.hazards.indoor_fire.graph import OUTSIDE, Graph
from twin.hazards.indoor_fire.people import DOWN
from twin.hazards.indoor_fire.tenable import WHY

if TYPE_CHECKING:
    from twin.hazards.indoor_fire.course import Course
    from twin.model.field import Grid


def cells(grid: Grid, graph: Graph, storey: str, floor: float) -> NDArray[np.int64]:
    """Return (ny, nx) the number of the room of a storey that lies there, -1 elsewhere.

    A room that reaches up from below through the middle of the storey counts too (a stair hall). A room that is too
    small for any centre of a cell has the cell it lies in.

    floor  m, of the storey
    """
    of = np.full(grid.shape, -1, np.int64)
    middle = floor + 1.0
    mine = [n for n, r in enumerate(graph.rooms) if r.storey == storey or r.floor <= middle < r.floor + r.height]
    for number in sorted(mine, key=lambda n: graph.rooms[n].storey == storey):
        outline = graph.rooms[number].outline
        found = inside(grid, outline) if len(outline) > 3 else np.zeros(grid.shape, bool)
        if not found.any():
            x, y = np.array(outline).mean(axis=0)
            column, row = int((x - grid.west) // grid.cell), int((y - grid.south) // grid.cell)
            if 0 <= row < grid.ny and 0 <= column < grid.nx and of[row, column] < 0:
                of[row, column] = number
        of[found] = number
    return of


def laid(of: NDArray[np.int64], values: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return (ny, nx) the value of the room that lies in each cell, 0 where none does."""
    return np.where(of >= 0, values[np.maximum(of, 0)], 0.0).astype(np.float32)


def rows(course: Course) -> list[dict[str, object]]:
    """Return one row per room.

    people       who were in it at the start          inside, down  who still are in it, and those who cannot go on
    untenable_s  None: never                           why           by which limit, a word of `tenable.WHY`
    caught       people in it at that moment
    left_s       when the last person left it, None: nobody was in it, or somebody still is
    margin_s     between the last person out and the end of its use, None where one of the two never came
    hottest_c    highest temperature of its hot layer
    """
    people = course.people
    began = np.bincount(people.home, minlength=len(course.graph.rooms))
    now = people.count()
    made: list[dict[str, object]] = []
    for n, room in enumerate(course.graph.rooms):
        left = None if now[n] or math.isnan(people.last[n]) else float(people.last[n])
        since = float(course.since[n]) if math.isfinite(course.since[n]) else None
        made.append(
            {
                "id": room.id,
                "name": room.name,
                "storey": room.storey,
                "people": int(began[n]),
                "inside": int(now[n]),
                "down": int(np.count_nonzero((people.room == n) & (people.state == DOWN))),
                "hottest_c": round(float(course.hottest[n]), 1),
                "untenable_s": since,
                "why": WHY[int(course.why[n])],
                "caught": int(course.caught[n]),
                "left_s": left,
                "margin_s": None if since is None or left is None else since - left,
                "gas_dose": round(float(course.gas[n]), 4),
                "heat_dose": round(float(course.heat[n]), 4),
            }
        )
    return made


def evacuation(course: Course) -> dict[str, object]:
    """Return how the evacuation stands: people, out, down, inside, exposed; s of the alarm and of the last one out.

    exposed  people who have been in a room that was untenable
    """
    people = course.people
    out = people.room == OUTSIDE
    exits = [int(r) for n in course.people.routes.exits for r in course.graph.joints[n].rooms if r != OUTSIDE]
    last = [float(people.last[r]) for r in exits if not math.isnan(people.last[r])]
    return {
        "people": len(people.home),
        "out": int(out.sum()),
        "down": int(np.count_nonzero(people.state == DOWN)),
        "inside": int((~out).sum()),
        "exposed": int(people.met.sum()),
        "alarm_s": course.alarm if math.isfinite(course.alarm) else None,
        "last_out_s": max(last) if out.any() and last else None,
    }
