"""The command line: parse, one call, print. Exit 0 done, 1 refused, 2 wrong usage, 3 `check` has findings."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.console import progress, remark, say, say_json, say_table, time_left
from twin.errors import TwinError, UsageError
from twin.facts import (
    budget_rows,
    city_facts,
    compare_rows,
    ensemble_rows,
    finding_lines,
    impact_lines,
    impact_tables,
    run_facts,
    run_lines,
    stopped,
)

if TYPE_CHECKING:
    from ingest.report import LoadReport
    from twin.model.run import Run

app = typer.Typer(
    name="twin",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="도시 디지털 트윈: 파일을 넣고, 침수를 모의하고, 그림을 얻습니다. "
    "A city digital twin: files in, a flood over them, a picture out.",
)

Twin = Annotated[Path, typer.Argument(help="folder of the twin, by custom NAME.twin", metavar="TWIN")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document instead of text")]


@app.command(epilog="Example: twin demo build/demo --no-serve")
def demo(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="where the demo city's files and its twin go")],
    size: Annotated[str, typer.Option(help="district (6,000 buildings) or city600k (600,000)")] = "district",
    no_serve: Annotated[bool, typer.Option("--no-serve", help="stop before serving")] = False,
    port: Annotated[int, typer.Option(help="port of the pages")] = 8501,
    as_json: AsJson = False,
) -> None:
    """Write the made-up city of Gaon (가온시, 가상), load it, flood it, draw it, then serve it."""
    from twin.walkthrough import walk

    result = walk(folder, size, quiet=as_json)
    if as_json:
        say_json(result)
    if not result["closed"]:
        raise TwinError(f"{result['twin']}: the flood run did not close its budget: {result['run']}")
    if not no_serve:
        serve(Path(str(result["twin"])), port)


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


@app.command(
    epilog="Example: twin run sinbang.twin scenarios/cloudburst_70mm.toml; "
    "twin run sinbang.twin scenarios/gaon_levee_breach.toml --members 12"
)
def run(
    path: Twin,
    scenario: Annotated[Path, typer.Argument(metavar="SCENARIO.toml", help="the what-if")],
    threads: Annotated[int | None, typer.Option(help="threads of the simulation, or members at a time")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="go on from the checkpoint of a stopped run")] = False,
    ensemble: Annotated[bool, typer.Option("--ensemble", help="run the members of the table [ensemble]")] = False,
    members: Annotated[int | None, typer.Option(help="run an ensemble of so many members")] = None,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario. The same scenario over the same city is the same run: it is not computed twice.

    Ctrl-C leaves a run that can be looked at, marked as partial; with --resume it goes on, to the last bit the same.
    """
    from twin import runs, store

    many = ensemble or members is not None
    if many and resume:
        raise UsageError("an ensemble has no checkpoint to resume from; leave --resume out")
    begun = datetime.now(UTC)
    with store.open_city(path) as city, progress("모의 simulate") as report:

        def tell(fraction: float, left: float) -> None:
            report(fraction, time_left(left))

        try:
            if many:
                done = runs.ensemble(city, scenario, members=members, workers=threads, progress=tell)
            else:
                done = runs.simulate(city, scenario, threads=threads, progress=tell, resume=resume)
        except KeyboardInterrupt:
            remark(stopped(city, begun, many=many))
            raise typer.Exit(130) from None
        spread = runs.ensemble_facts(city, done.id) if many else {}
        findings = runs.findings_of(city, done.id)
    if as_json:
        say_json(run_facts(done) | {"findings": findings} | spread)
        return
    told = not many and (resume or done.started >= begun)  # a run at work tells its warnings itself, at once
    for line in finding_lines(findings, warnings=not told):
        remark(line)
    say_run(done, spread)


def say_run(done: Run, spread: dict[str, Any]) -> None:
    """Print one run for a person; `spread` holds the figures of an ensemble."""
    for line in run_lines(done):
        say(line)
    say_table(("물수지", "water budget", "m3"), budget_rows(done.budget))
    for note in spread.get("missing", []):
        remark(f"member {note['member']} is missing: {note['error']}")
    if spread:
        say_table(("앙상블", "ensemble", "value"), ensemble_rows(spread))


@app.command(name="runs", epilog="Example: twin runs sinbang.twin")
def list_runs(path: Twin, as_json: AsJson = False) -> None:
    """List the runs of the twin."""
    from twin import store

    with store.open_city(path) as city:
        known = city.runs.list()
    if as_json:
        say_json({"runs": [run_facts(r) for r in known]})
        return
    say_table(
        ("run", "scenario", "hazard", "members", "status", "frames", "started"),
        [(r.id, r.title, r.hazard, r.members, r.status, r.frames, f"{r.started:%Y-%m-%d %H:%M}") for r in known],
    )


@app.command(epilog="Example: twin assess sinbang.twin 3f2a")
def assess(
    path: Twin,
    run_id: Annotated[str, typer.Argument(metavar="RUN", help="id of a run, or its first letters")],
    curve: Annotated[str, typer.Option(help="depth-damage curve")] = "jrc-asia-residential",
    debris: Annotated[str, typer.Option(help="Defra debris factor: by-depth, two-step or constant")] = "by-depth",
    most_limit: Annotated[float, typer.Option(help="Defra rating up to which danger is for most: 2.5 or 2.0")] = 2.5,
    fleet_m: Annotated[float | None, typer.Option(help="depth in m that the emergency fleet passes")] = None,
    fleet_m2_s: Annotated[float | None, typer.Option(help="depth times speed in m2/s that it passes")] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a run does to buildings, people and roads, with the limits that were used."""
    from twin import runs, store
    from twin.impact import Rules

    rules = Rules(debris, most_limit, fleet_m, fleet_m2_s)
    with store.open_city(path) as city:
        facts = runs.assess(city, run_id, curve=curve, rules=rules).as_dict()
    if as_json:
        say_json(facts)
        return
    for line in impact_lines(facts):
        say(line)
    for title, head, rows in impact_tables(facts):
        say(f"\n{title}")
        say_table(head, rows)
    for doubt in facts["unverified"]:
        remark(f"not verified: {doubt['text']}")


@app.command(epilog="Example: twin compare sinbang.twin 3f2a 91bc")
def compare(
    path: Twin,
    first: Annotated[str, typer.Argument(metavar="RUN")],
    second: Annotated[str, typer.Argument(metavar="RUN")],
    as_json: AsJson = False,
) -> None:
    """Lay two runs side by side: what changes from the first to the second."""
    from twin import runs, store

    with store.open_city(path) as city:
        facts = runs.compare(city, first, second).as_dict()
    if as_json:
        say_json(facts)
        return
    say_table(("항목", "figure", "첫째 first", "둘째 second", "차이 difference"), compare_rows(facts))


@app.command(
    epilog="Example: twin export sinbang.twin 3f2a max_depth depth.tif; twin export sinbang.twin 3f2a picture now.png"
)
def export(
    path: Twin,
    run_id: Annotated[str, typer.Argument(metavar="RUN")],
    quantity: Annotated[
        str, typer.Argument(metavar="QUANTITY", help="depth, level, max_depth, ..., all, buildings, budget or picture")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".tif, .nc, .csv or .png")],
    minute: Annotated[float | None, typer.Option(help="of the run, for .tif and .png; the last without it")] = None,
    every: Annotated[bool, typer.Option("--every", help="one band per frame, for .tif")] = False,
    language: Annotated[str, typer.Option(help="ko or en, for a picture")] = "ko",
    as_json: AsJson = False,
) -> None:
    """Write a field of a run, its buildings or a picture of it to a file."""
    from twin import store

    with store.open_city(path) as city:
        if quantity == "picture":
            from viewer.still import draw

            draw(city, run_id, file, time=None if minute is None else 60 * minute, language=language)
        else:
            from twin import runs

            runs.export(city, run_id, quantity, file, time=None if minute is None else 60 * minute, every=every)
    facts = {"file": str(file), "bytes": file.stat().st_size}
    say_json(facts) if as_json else say(f"{file}: {facts['bytes']:,} bytes")


@app.command(epilog="Example: twin serve sinbang.twin --port 8501")
def serve(
    path: Twin,
    port: Annotated[int, typer.Option(help="port on 127.0.0.1")] = 8501,
    as_json: AsJson = False,
) -> None:
    """Show the twin in the browser. This process holds the twin until it is stopped with Ctrl-C."""
    from viewer.serve import serve as serve_twin

    if not 0 < port < 65536:
        raise UsageError(f"port {port} is not between 1 and 65535")
    facts = {"twin": str(path), "url": f"http://127.0.0.1:{port}"}
    say_json(facts) if as_json else say(f"{path}: {facts['url']} (Ctrl-C stops)")
    serve_twin(path, port=port)


def main() -> None:
    """Run the command line; a `TwinError` is one line on stderr and its exit code."""
    try:
        app()
    except TwinError as error:
        remark(f"twin: {error}")
        sys.exit(error.exit_code)
