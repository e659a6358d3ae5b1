"""What a city and a run are called, and whether the city is a real one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from viewer.memo import remember
from viewer.plain import plain
from viewer.words import known_label

if TYPE_CHECKING:
    from twin.model.run import Run
    from twin.store import City

#: how names and licences say that something is made up
MADE_UP = re.compile(r"가상|fictional", re.IGNORECASE)


@remember(size=4)
def boundary_names(city: City) -> tuple[str, ...]:
    """Return the names of the city's administrative areas."""
    if not any(info.kind == "boundary" and info.count for info in city.features.layers()):
        return ()
    return tuple(str(name) for name in city.features.read("boundary").column("name") if name)


@remember(size=4)
def name_of(city: City) -> str:
    """Return what to call the city: the words with which all its areas' names begin, else the name of its folder.

    A remark in brackets that it is made up is left out: the page says so beside the name.
    """
    words = [MADE_UP.sub("", name).replace("()", "").split() for name in boundary_names(city)]
    shared: list[str] = []
    for column in zip(*words, strict=False):
        if len(set(column)) > 1:
            break
        shared.append(column[0])
    return plain(" ".join(shared) or city.path.stem)


@remember(size=4)
def fictional(city: City) -> bool:
    """Return whether the city says that it is made up: by its areas' names, a licence or a sensor."""
    said = [*boundary_names(city), *(s.licence for s in city.sources.list())]
    return any(MADE_UP.search(text) for text in said) or any(
        thing.properties.get("fictional") is True for thing in city.sensors.things()
    )


def title_of(run: Run, language: str) -> str:
    """Return the title of a run in a language; one that did not come to its end says so in it."""
    title = plain((language == "en" and run.title_en) or run.title)
    return title if run.status == "done" else f"{title} [{status_of(run, language)}]"


def status_of(run: Run, language: str) -> str:
    """Return the status of a run in words."""
    return known_label("status", run.status, language)
