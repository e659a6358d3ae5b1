"""Verbs about what happens to a city: run, runs, assess, compare, export."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from twin.cli.words import AsJson, Twin, app
from twin.console import progress, remark, say, say_json, say_table, time_left
from twin.errors import UsageError
from twin.facts import (
    budget_tables,
    compare_rows,
    ensemble_rows,
    finding_lines,
    impact_lines,
    impact_tables,
    outcome_lines,
    run_facts,
    run_lines,
    stopped,
)

if TYPE_CHECKING:
    from twin.model.run import Run


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
    agents: Annotated[str | None, typer.Option(help="who answers it: all, nearest, sop, or names of agents")] = None,
    policy: Annotated[Path | None, typer.Option(help="who may approve what, as TOML; else nothing is approved")] = None,
    wait: Annotated[bool, typer.Option("--wait", help="stop where persons have to decide")] = False,
    as_json: AsJson = False,
) -> None:
    """Simulate a scenario. The same scenario over the same city is the same run: it is not computed twice.

    Ctrl-C leaves a run that can be looked at, marked as partial; with --resume it goes on, to the last bit the same.
    With --agents the scenario is answered while it runs, see `twin proposals`, `twin decide` and `twin score`.
    """
    from twin import runs, store

    many = ensemble or members is not None
    if many and agents is not None:
        raise UsageError("agents answer one run; leave --ensemble and --members out, `twin score` meets other weather")
    if agents is None and (policy is not None or wait):
        raise UsageError("--policy and --wait are for runs with agents; add --agents all")
    if many and resume:
        raise UsageError("an ensemble has no checkpoint to resume from; leave --resume out")
    begun = datetime.now(UTC)
    with store.open_city(path) as city, progress("모의 simulate") as report:

        def tell(fraction: float, left: float) -> None:
            report(fraction, time_left(left))

        try:
            if many:
                done = runs.ensemble(city, scenario, members=members, workers=threads, progress=tell)
            elif agents is not None:
                done = runs.respond(
                    city,
                    scenario,
                    agents=agents,
                    policy=policy,
                    coordinate="nearest" if agents in ("nearest", "sop") else "auction",
                    wait=wait,
                    resume=resume,
                    threads=threads,
                    progress=tell,
                )
            else:
                done = runs.simulate(city, scenario, threads=threads, progress=tell, resume=resume)
        except KeyboardInterrupt:
            remark(stopped(city, begun, many=many))
            raise typer.Exit(130) from None
        spread = runs.ensemble_facts(city, done.id) if many else {}
        findings = runs.findings_of(city, done.id)
        results = {} if many else runs.outcome(city, done.id)
    if as_json:
        say_json(run_facts(done) | {"findings": findings, "outcome": results} | spread)
        return
    told = not many and (resume or done.started >= begun)  # a run at work tells its warnings itself, at once
    for line in finding_lines(findings, warnings=not told):
        remark(line)
    say_run(done, spread, results)


def say_run(done: Run, spread: dict[str, Any], results: dict[str, Any]) -> None:
    """Print one run for a person; `spread` holds the figures of an ensemble, `results` those of a single run."""
    for line in (*run_lines(done), *outcome_lines(results)):
        say(line)
    for head, rows in budget_tables(done.budget):
        say_table(head, rows)
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
    curve: Annotated[str, typer.Option(help="depth-damage curve, for floods")] = "jrc-asia-residential",
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
        str,
        typer.Argument(
            metavar="QUANTITY",
            help="depth, max_depth, fire_arrival, ..., all, buildings, budget, perimeters or picture",
        ),
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help=".tif, .nc, .csv, .geojson, .gpkg or .png")],
    minute: Annotated[float | None, typer.Option(help="of the run, for .tif and .png; the last without it")] = None,
    every: Annotated[bool, typer.Option("--every", help="one band per frame, for .tif")] = False,
    language: Annotated[str, typer.Option(help="ko or en, for a picture")] = "ko",
    as_json: AsJson = False,
) -> None:
    """Write a field of a run, its buildings, the perimeters of its fire or a picture of it to a file."""
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
