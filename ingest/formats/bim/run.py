"""Runs the child that reads an IFC file, and turns whatever happens to it into words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.formats.bim.plan import Body
from twin.errors import InputError, RefusedError
from twin.model.finding import Finding

if TYPE_CHECKING:
    from ingest.formats.bim.step import Step
    from twin.settings import Settings

#: geometry libraries, fastest first; the manifold one ends in a segmentation fault on common files
LIBRARIES = ("hybrid-cgal-simple-opencascade", "opencascade")


@dataclass(frozen=True, slots=True)
class Content:
    """What the child found: plain facts, bodies in local metres, and what went wrong on the way."""

    facts: dict[str, Any]
    bodies: list[Body]
    findings: list[Finding]


def run(name: str, step: Step, settings: Settings) -> Content:
    """Return the content of an IFC file.

    Raises InputError when the library refuses the file or ends on it with every way of making shapes, RefusedError
    when it takes more time than `settings.reader_seconds`.
    """
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="twin-ifc-") as folder:
        source = Path(folder) / "model.ifc"
        source.write_bytes(step.text)
        for library in LIBRARIES:
            why = _attempt(name, source, library, settings)
            if not why:
                return _collect(Path(folder), findings)
            text = f"{name}: the BIM library ended ({why}) with geometry by {library}"
            findings.append(Finding("warning", "geometry-library", text))
    raise InputError(f"{name}: the BIM library cannot read it: {why}")


def _attempt(name: str, source: Path, library: str, settings: Settings) -> str:
    """Return "" when the child did its work, else how it ended; raise where another library would not help."""
    command = [
        sys.executable, "-m", "ingest.formats.bim.child", str(source), str(source.parent), library,
        str(settings.reader_seconds), str(settings.reader_bytes),
    ]  # fmt: skip
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "OMP_NUM_THREADS": "1"}
    try:
        done = subprocess.run(  # noqa: S603  our own module; the file's name is a path of ours
            command, env=environment, capture_output=True, text=True, errors="replace", check=False,
            stdin=subprocess.DEVNULL, timeout=settings.reader_seconds,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise RefusedError(f"{name}: the BIM library did not finish in {settings.reader_seconds:g} s; ended") from error
    last = (done.stderr.strip().splitlines() or ["no word"])[-1]
    if done.returncode == 0:
        return ""
    if done.returncode == 3:
        raise InputError(f"{name}: the BIM library refuses it: {last}")
    if done.returncode == -signal.SIGXCPU:
        raise RefusedError(f"{name}: the BIM library used up {settings.reader_seconds:g} s; ended")
    if done.returncode < 0:
        return signal.Signals(-done.returncode).name
    return "out of memory" if "MemoryError" in last or "bad_alloc" in last else last


def _collect(folder: Path, findings: list[Finding]) -> Content:
    facts: dict[str, Any] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    with np.load(folder / "meshes.npz", allow_pickle=False) as meshes:
        vertices, faces = meshes["vertices"], meshes["faces"]
    bodies = []
    at = first = 0
    for body in facts["bodies"]:
        points, triangles = vertices[at : at + body["vertices"]], faces[first : first + body["faces"]]
        at, first = at + body["vertices"], first + body["faces"]
        kind = body["class"].removeprefix("Ifc").removesuffix("StandardCase").lower()
        bodies.append(Body(body["id"], kind, points, triangles, body["colour"], body["building"], body["storey"]))
    return Content(facts, bodies, findings)
