"""Verbs about what a twin holds: new, load, info, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from twin.cli.words import AsJson, Twin, app
from twin.console import progress, remark, say, say_json, say_table
from twin.errors import TwinError
from twin.facts import city_facts

if TYPE_CHECKING:
    from ingest.report import LoadReport


@app.command(epilog="Example: twin new sinbang.twin --crs EPSG:5186 --vertical EPSG:5193")
def new(
    path: Twin,
    crs: Annotated[str, typer.Option(help="projected coordinate system in metres, for example EPSG:5186")],
    vertical: Annotated[str | None, typer.Option(help="height datum, for example EPSG:5193 (KVD1964)")] = None,
    zone: Annotated[str, typer.Option(help="time zone of the city")] = "Asia/Seoul",
    as_json: AsJson = False,
) -> None:
    """Make an empty twin. Its coordinate system cannot be changed later."""
    from twin import store

    with store.create(path, crs=crs, vertical=vertical, zone=zone) as city:
        facts = {"twin": str(path), "crs": city.crs, "vertical": city.vertical, "zone": city.zone}
    say_json(facts) if as_json else say(f"{path}: {crs}, {vertical or 'height datum not stated'}, {zone}")


@app.command(epilog="Example: twin load sinbang.twin terrain.tif buildings.shp --crs EPSG:5186")
def load(
    path: Twin,
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="files of the city, in any known format")],
    layer: Annotated[str | None, typer.Option(help="layer the features go into")] = None,
    crs: Annotated[str | None, typer.Option(help="coordinate system, when a file states none")] = None,
    kind: Annotated[str | None, typer.Option(help="kind of feature, when a file does not tell")] = None,
    vertical: Annotated[str | None, typer.Option(help="height datum, when a file states none")] = None,
    zone: Annotated[str | None, typer.Option(help="time zone of times written without one")] = None,
    encoding: Annotated[str | None, typer.Option(help="character coding, when a file states none")] = None,
    licence: Annotated[str | None, typer.Option(help="under which the files may be used")] = None,
    declare: Annotated[Path | None, typer.Option(help="TOML file that says which columns hold what")] = None,
    as_json: AsJson = False,
) -> None:
    """Read files into the twin. Lines in = stored + quarantined + duplicate, always; a second load stores nothing.

    Each file is one transaction: a file that is refused leaves nothing behind, the others go in.
    """
    from ingest.load import load as load_files
    from ingest.load import mains
    from ingest.reading import ReadOptions
    from twin import store

    options = ReadOptions(crs, layer, kind, vertical, zone, encoding, declare, licence)
    reports: list[LoadReport] = []
    refused: list[dict[str, str]] = []
    with store.open_city(path) as city:
        for number, file in enumerate(mains(files)):
            with progress(file.name) as report:
                try:
                    reports += load_files(
                        city,
                        [file],
                        options,
                        progress=lambda _name, fraction, report=report: report(fraction),  # type: ignore[misc]
                    )
                except TwinError as error:
                    refused.append({"file": str(file), "error": str(error)})
                    remark(f"twin: {error}")
                    continue
            if not as_json:
                say_reports(reports[-1:], head=number == 0)
    if as_json:
        say_json({"files": [r.as_dict() for r in reports], "refused": refused})
    if refused:
        raise typer.Exit(1)


def say_reports(reports: list[LoadReport], *, head: bool) -> None:
    """Print load reports: a line per file, its findings on stderr."""
    if head:
        say(f"{'lines in':>10} {'stored':>10} {'quarantined':>11} {'duplicate':>10} {'s':>6}  reader, file")
    for r in reports:
        books = f"{r.lines_in:>10} {r.stored:>10} {r.quarantined:>11} {r.duplicate:>10}"
        say(f"{books} {r.seconds:>6.1f}  {r.reader}, {r.file}")
        for f in r.findings:
            remark(f"    {f.severity}: {f.message}" + (f" ({f.where})" if f.where else ""))


@app.command(epilog="Example: twin info sinbang.twin --json")
def info(path: Twin, as_json: AsJson = False) -> None:
    """Say what the twin holds."""
    from twin import store

    with store.open_city(path) as city:
        facts = city_facts(city)
    if as_json:
        say_json(facts)
        return
    say(f"{path}: {facts['crs']}, {facts['vertical'] or 'height datum not stated'}, {facts['zone']}")
    say_table(("layer", "kind", "count"), [tuple(i.values()) for i in facts["layers"]])
    say("  ".join(f"{name} {len(facts[name])}" for name in ("rasters", "sensors", "sources", "runs")))


@app.command(epilog="Example: twin check sinbang.twin")
def check(path: Twin, as_json: AsJson = False) -> None:
    """Look the twin over. Exit 3 when there is something a person should see."""
    from ingest.check import check as look_over
    from twin import store

    with store.open_city(path) as city:
        findings = look_over(city)
    if as_json:
        say_json({"findings": findings})
    elif findings:
        say_table(
            ("severity", "code", "where", "finding"), [(f.severity, f.code, f.where, f.message) for f in findings]
        )
    else:
        say(f"{path}: nothing found")
    if any(f.severity != "info" for f in findings):
        raise typer.Exit(3)
