"""What a run came to, in the few figures that are known at once: before, and without, an assessment."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.runs.consequences.fates import STATES
from twin.runs.consequences.fire_compare import HECTARE
from twin.runs.frames.store import has_frames, open_frames
from twin.runs.provenance import record

if TYPE_CHECKING:
    from twin.store import City


def outcome(city: City, run_id: str) -> dict[str, Any]:
    """Return the first figures of a run by hazard; nothing of floods, whose book says it.

    fire         burnt_ha, and buildings: state -> number, those in none of them left out
    indoor_fire  rooms, rooms_untenable, first_untenable_s (None: none)

    Raises MissingError when there is no such run.
    """
    run, out = city.runs.get(run_id), dict[str, Any]()
    told = record(city, run.id)
    if has_frames(city.runs.folder(run.id)):
        frames = open_frames(city, run.id)
        if "fire_arrival" in frames.summaries:
            cells = int(np.isfinite(frames.summary("fire_arrival")).sum())
            counts = Counter(str(row["state"]) for row in told.get("buildings", []))
            states = {name: counts[name] for name in STATES[1:] if counts[name]}
            out["fire"] = {"burnt_ha": cells * frames.grid.cell**2 / HECTARE, "buildings": states}
    if told.get("rooms"):
        times = [row["untenable_s"] for row in told["rooms"] if row.get("untenable_s") is not None]
        out["indoor_fire"] = {
            "rooms": len(told["rooms"]),
            "rooms_untenable": len(times),
            "first_untenable_s": min(times, default=None),
        }
    return out
