"""What a city and a run are called, and whether the city is a real one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from viewer.memo import remember
from viewer.plain import plain

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.store import City


@remember(size=4)
def name_of(city: City) -> str:
    """Return what to call the city: its largest boundary that has a name, else the name of the twin's folder."""
    import shapely

    if any(info.kind == "boundary" and info.count for info in city.features.layers()):
        batch = city.features.read("boundary")
        named = [(shapely.area(g), str(n)) for g, n in zip(batch.geometry, batch.column("name"), strict=True) if n]
        if named:
            return plain(max(named)[1])
    return plain(city.path.stem)


@remember(size=4)
def fictional(city: City) -> bool:
    """Return whether the city says that it is made up: a source whose licence or file says so."""
    return any("가상" in s.licence or "fictional" in s.licence.lower() for s in city.sources.list())


def title_of(run: Run, language: str) -> str:
    """Return the title of a run in a language."""
    return plain((language == "en" and run.title_en) or run.title)
