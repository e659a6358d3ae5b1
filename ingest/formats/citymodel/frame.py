"""What holds for all objects of a CityJSON: version, transform, coordinate system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.formats.systems import settle
from ingest.reading import ReadOptions
from twin.errors import InputError
from twin.model.finding import Finding

VERSIONS = ("1.0", "1.1", "2.0")


@dataclass(slots=True)
class Frame:
    """What holds for all objects of a file."""

    where: str
    scale: NDArray[np.float64] | None = None
    translate: NDArray[np.float64] | None = None
    crs: str | None = None
    vertical: str | None = None
    findings: list[Finding] = field(default_factory=list)

    def place(self, raw: Any, where: str) -> NDArray[np.float64]:
        """Return vertices (n, 3) in the coordinate system of the file. Raises InputError for anything else."""
        try:
            xyz = np.array(raw, dtype=np.float64) if raw else np.empty((0, 3))
            if xyz.ndim != 2 or xyz.shape[1] != 3:
                raise ValueError("not three numbers each")  # noqa: TRY301  told below, with those of NumPy
        except (TypeError, ValueError) as error:
            raise InputError(f"{where}: vertices must be a list of [x, y, z]: {error}") from error
        if self.scale is None or self.translate is None:
            return xyz
        with np.errstate(over="ignore", invalid="ignore"):  # what is no place is found, with its object, by `sift`
            return np.asarray(xyz * self.scale + self.translate)


def frame_of(found: Mapping[str, Any], where: str, options: ReadOptions) -> Frame:
    """Return what the head of a file says. Raises InputError for an unknown version, transform or system."""
    if found.get("type") != "CityJSON":
        raise InputError(f"{where}: its type is {found.get('type')!r}, not CityJSON")
    version = str(found.get("version"))
    if ".".join(version.split(".")[:2]) not in VERSIONS:
        raise InputError(f"{where}: CityJSON version {version!r} is not known (known: {', '.join(VERSIONS)})")
    frame = Frame(where)
    transform = found.get("transform")
    if transform is not None:
        try:
            frame.scale, frame.translate = (np.array(transform[k], dtype=np.float64) for k in ("scale", "translate"))
        except (TypeError, KeyError, ValueError) as error:
            raise InputError(f"{where}: transform must hold scale and translate, three numbers each") from error
        fine = frame.scale.shape == frame.translate.shape == (3,) and np.isfinite([frame.scale, frame.translate]).all()
        if not fine or not frame.scale.all():
            shown = f"scale {transform['scale']} and translate {transform['translate']}"
            raise InputError(f"{where}: transform {shown} must be finite, scale not 0")
    elif not version.startswith("1.0"):
        raise InputError(f"{where}: CityJSON {version} must have a transform")
    metadata = found.get("metadata")
    said = metadata.get("referenceSystem") if isinstance(metadata, dict) else None
    systems = settle(str(said) if said else None, options, where)
    frame.crs, frame.vertical, frame.findings = systems.crs, systems.vertical, systems.findings
    return frame
