"""Find plug-ins: one file in a folder is one plug-in; other distributions add theirs by entry point.

A room is a module with one object under an agreed name (`reader`, `hazard`). Files that begin with an
underscore are the folder's own furniture and are not rooms.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from importlib.metadata import entry_points


def discover(package: str, name: str) -> dict[str, object]:
    """Return the object called `name` of every module in `package`, by module name, in alphabetical order.

    package  dotted name of the folder, also the entry-point group for rooms of other distributions
    name     what each module calls its plug-in

    A broken plug-in of another distribution warns and is left out; a broken file of our own raises.
    """
    folder = importlib.import_module(package)
    found: dict[str, object] = {}
    for info in pkgutil.iter_modules(folder.__path__):
        if not info.name.startswith("_"):
            module = importlib.import_module(f"{package}.{info.name}")
            found[info.name] = getattr(module, name)
    for point in entry_points(group=package):
        try:
            found[point.name] = point.load()
        except Exception as error:  # noqa: BLE001 (someone else's package must not take ours down)
            warnings.warn(
                f"plug-in {point.name!r} of {point.dist} does not load: {error}", RuntimeWarning, stacklevel=2
            )
    return dict(sorted(found.items()))
