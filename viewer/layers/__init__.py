"""What lies on the map: one file per layer, found by being here. A room holds one object called `layer`.

A layer turns a city at a moment into a `pydeck.Layer`. What is large (thousands of buildings, pictures) travels
by an address of our own server and not inside the page's messages: such a layer also has `records`, which the
route `/layers/NAME.json` serves. The address of data that did not change does not change either, so a new moment
moves a few hundred bytes and the browser builds nothing twice.

Names come from files: what a tooltip shows (field `tip` of a record) goes through `viewer.plain`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from urllib.parse import urlencode

if TYPE_CHECKING:
    import pydeck

    from twin.store import City


@dataclass(frozen=True, slots=True)
class At:
    """The moment and manner that are shown.

    run       id of the run, "" when the city has none
    quantity  one of `quantities.PALETTES`: frame `index`, or index 0 of what the run has once
    colour    what colours the buildings: "depth" (greatest depth of the run), "fire" (state at the moment),
              "probability" (share of the members of an ensemble) or "height"
    time      s from the start of the run; None: the whole run
    """

    run: str = ""
    quantity: str = "depth"
    index: int = 0
    colour: str = "depth"
    language: str = "ko"
    time: float | None = None


@runtime_checkable
class LayerView(Protocol):
    """A layer. `shows` names the kinds of feature or quantities it draws; `order`: lower lies under higher."""

    shows: tuple[str, ...]
    order: int

    def deck(self, city: City, at: At) -> pydeck.Layer | None:
        """Return the layer, None when the city has nothing for it."""
        ...


@runtime_checkable
class Served(LayerView, Protocol):
    """A layer whose records travel by address."""

    def records(self, city: City, at: At) -> bytes:
        """Return the records as JSON."""
        ...


def address(name: str, city: City, at: At, *, run: bool = False) -> str:
    """Return where `/layers/NAME.json` serves a layer's records, as a literal for pydeck.

    run  whether the records depend on the run; the snapshot in the address makes it good for ever
    """
    query = {"snapshot": city.snapshot, "language": at.language} | ({"run": at.run} if run and at.run else {})
    return f"/layers/{name}.json?{urlencode(query)}"
