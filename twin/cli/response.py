"""Verbs about the response to a run: proposals, decide, score, notices, audit, register."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from twin.cli.words import AsJson, Twin, app
from twin.console import progress, remark, say, say_json, say_table
from twin.errors import UsageError
from twin.facts import decision_lines, proposal_lines, proposal_rows, score_lines, score_rows

RunId = Annotated[str, typer.Argument(metavar="RUN", help="id of a run, or its first letters")]


@app.command(epilog="Example: twin proposals gaon.twin 3f2a; twin proposals gaon.twin 3f2a 91bc --json")
def proposals(
    path: Twin,
    run_id: RunId,
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="one of them, with its proof")] = "",
    state: Annotated[str, typer.Option(help="only those that are open, approved, rejected, expired ...")] = "",
    language: Annotated[str, typer.Option(help="ko or en")] = "ko",
    as_json: AsJson = False,
) -> None:
    """List what agents proposed in a run: why, what it would change, and who has decided."""
    from twin import runs, store

    with store.open_city(path) as city:
        found = [one for one in runs.proposals(city, run_id) if state in ("", one.state)]
    if proposal:
        found = [one for one in found if one.proposal.hash.startswith(proposal)]
        if len(found) != 1:
            raise UsageError(f"proposal '{proposal}' is {len(found)} proposals of run {run_id}; write more of its id")
    if as_json:
        say_json({"proposals": [one.as_dict() for one in found]})
        return
    if proposal:
        for line in proposal_lines(found[0], language):
            say(line)
        return
    say_table(("제안 id", "분 min", "agent", "단계 level", "steps", "상태 state", "효과 effect"), proposal_rows(found))


@app.command(epilog="Example: twin decide gaon.twin 3f2a 91bc --approve --as kim --role chief --policy policy.toml")
def decide(
    path: Twin,
    run_id: RunId,
    proposal: Annotated[str, typer.Argument(metavar="PROPOSAL", help="its id, or the first letters")],
    by: Annotated[str, typer.Option("--as", help="id of the person in the policy")],
    role: Annotated[str, typer.Option(help="role in which that person decides")],
    policy: Annotated[Path, typer.Option(help="the policy of the run")],
    approve: Annotated[bool, typer.Option("--approve", help="let it be carried out")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="never carry it out")] = False,
    reason: Annotated[str, typer.Option(help="in that person's words; needed to override a rule")] = "",
    override: Annotated[list[str] | None, typer.Option(help="a rule that the reason stands against: equity")] = None,
    as_json: AsJson = False,
) -> None:
    """Approve or reject exactly one proposal of a run that waits; then `twin run ... --resume` goes on."""
    from twin import runs, store

    if approve == reject:
        raise UsageError("say one of --approve and --reject")
    with store.open_city(path) as city:
        stands = runs.decide(
            city,
            run_id,
            proposal,
            verdict="approve" if approve else "reject",
            by=by,
            role=role,
            policy=policy,
            reason=reason,
            override=tuple(override or ()),
        )
    if as_json:
        say_json(asdict(stands))
        return
    for line in decision_lines(stands):
        say(line)


@app.command(epilog="Example: twin score gaon.twin 3f2a --members 8")
def score(
    path: Twin,
    run_id: RunId,
    members: Annotated[int, typer.Option(help="further courses of the weather that it meets")] = 8,
    cell: Annotated[float | None, typer.Option(help="m, of the runs behind the score")] = None,
    threads: Annotated[int | None, typer.Option(help="processes")] = None,
    as_json: AsJson = False,
) -> None:
    """Hold a run's approved plan against no action, the nearest unit, a fixed procedure and hindsight."""
    from twin import runs, store

    with store.open_city(path) as city, progress("평가 score") as report:
        facts = runs.score(city, run_id, members=members, cell=cell, workers=threads, progress=report)
    if as_json:
        say_json(facts)
        return
    for line in score_lines(facts):
        say(line)
    say_table(
        ("항목 measure", "무대응 none", "최근접 nearest", "SOP", "계획 plan", "사후최적 hindsight"), score_rows(facts)
    )


@app.command(epilog="Example: twin notices gaon.twin 3f2a build/notices")
def notices(
    path: Twin,
    run_id: RunId,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="takes CAP drafts and the feed of closures")],
    as_json: AsJson = False,
) -> None:
    """Write what a run would tell people: CAP 1.2 drafts (Exercise) and the feed of closures. Nothing is sent."""
    from twin import runs, store

    with store.open_city(path) as city:
        files = runs.notices(city, run_id, folder)
    if as_json:
        say_json({"files": [str(file) for file in files]})
        return
    for file in files:
        say(str(file))


audit = typer.Typer(no_args_is_help=True, help="The journal: who saw, proposed, decided and did what.")
register = typer.Typer(no_args_is_help=True, help="The public register of agents and models.")
app.add_typer(audit, name="audit")
app.add_typer(register, name="register")


@audit.command(epilog="Example: twin audit verify gaon.twin")
def verify(
    path: Twin,
    head: Annotated[str | None, typer.Option(help="hash of a row that you have kept elsewhere")] = None,
    as_json: AsJson = False,
) -> None:
    """Look for edits, deletions, rows out of order and a cut end. Exit 3 when there is anything."""
    from twin import store

    with store.open_city(path) as city:
        verdict = city.journal.verify(head)
    if as_json:
        say_json(asdict(verdict) | {"intact": verdict.intact})
    else:
        say(f"{verdict.rows} rows, the last is {verdict.number} {verdict.hash}")
        for flaw in verdict.flaws:
            remark(f"row {flaw.number}: {flaw.code}: {flaw.text}")
    if not verdict.intact:
        raise typer.Exit(3)


@register.command(epilog="Example: twin register export build/register --twin gaon.twin")
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="takes register.json and index.html")],
    twin: Annotated[Path | None, typer.Option(help="a twin whose decisions go into the public log")] = None,
    as_json: AsJson = False,
) -> None:
    """Write the register for the public: JSON, and a page that needs nothing but itself."""
    from twin import runs

    files = runs.register(folder, twin)
    if as_json:
        say_json({"files": [str(file) for file in files]})
        return
    for file in files:
        say(str(file))
