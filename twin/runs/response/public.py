"""What a response shows to the outside: drafts of messages, closures, the register with its decision log."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from twin.model.response.proposal import Alert, Reason
from twin.notices.cap import Area, Head, draft
from twin.notices.closures import Closure, as_json, as_ngsi
from twin.notices.words import known, say
from twin.register.entry import Text
from twin.register.export import Decided, export
from twin.register.load import load
from twin.runs.document import parse_scenario
from twin.runs.response.decide import Listed, proposals
from twin.runs.response.respond import response_of
from twin.shield.policy import PLAYED

if TYPE_CHECKING:
    from twin.store import City

SENDER = "gaon-twin.local"
CLOSES = ("close_road", "underpass")
STATES = {
    "approved": ("실행됨", "carried out"),
    "rejected": ("반려", "rejected"),
    "expired": ("기한 지남, 실행 안 함", "expired, not carried out"),
    "dry_run": ("모의로만", "dry-run only"),
    "recorded_only": ("기록만", "recorded only"),
    "refused": ("안전 규칙이 거부", "refused by a safety rule"),
    "unsafe": ("승인 뒤 안전하지 않아 취소", "approved, then no longer safe, not carried out"),
    "open": ("승인 대기", "waiting for a decision"),
}
"""State of a proposal -> Korean, English."""


def notices(city: City, run: str, folder: Path | str) -> list[Path]:
    """Write what a run would tell people, and return the files: `cap/*.xml`, `closures.json`, `closures.jsonld`.

    All of it says Exercise, and nothing is sent. Raises MissingError (no such run, one without agents).
    """
    found = city.runs.get(run)
    told, target = response_of(city, found.id), Path(folder)
    start = parse_scenario(city.runs.scenario_text(found.id), "scenario.toml").start
    areas = _areas(city)
    (target / "cap").mkdir(parents=True, exist_ok=True)
    files = []
    for number, row in enumerate(told["alerts"]):
        alert = _alert(row["alert"])
        if not alert.areas or alert.expires <= alert.onset:
            continue
        head = Head(
            identifier=f"{found.id}-{number:03d}",
            sender=SENDER,
            sent=start + timedelta(seconds=float(row["time"])),
            name=("가온 디지털 트윈 (훈련)", "Gaon digital twin (exercise)"),
        )
        file = target / "cap" / f"{head.identifier}.xml"
        file.write_bytes(draft(alert, start, areas, head))
        files.append(file)
    closures = list(_closures(city, proposals(city, found.id), start))
    made = datetime.now(UTC)
    for name, text in (("closures.json", as_json(closures, made)), ("closures.jsonld", as_ngsi(closures))):
        (target / name).write_text(text, encoding="utf-8")
        files.append(target / name)
    return files


def _alert(row: Mapping[str, Any]) -> Alert:
    reasons = tuple(Reason(one["code"], one["values"]) for one in row["reasons"])
    return Alert(**(dict(row) | {"areas": tuple(row["areas"]), "reasons": reasons}))


def _areas(city: City) -> dict[str, Area]:
    """Return the districts of a city as a message names them, with their outlines in degrees."""
    import shapely

    if not city.features.count("boundary"):
        return {}
    found = city.features.read("boundary")
    names = found.column("name")
    out = {}
    for id_, shape, name in zip(found.ids, found.geometry, names, strict=True):
        if shape is None:
            continue
        rings = tuple(
            _degrees(city, shapely.get_coordinates(shapely.get_exterior_ring(part)).tolist())
            for part in shapely.get_parts(shape)
            if shapely.get_dimensions(part) == 2
        )
        called = str(name or id_)
        out[id_] = Area(called, called, rings)
    return out


def _degrees(city: City, places: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Return longitude and latitude of places of the city."""
    from pyproj import Transformer

    turn = Transformer.from_crs(city.crs, "EPSG:4326", always_xy=True)
    lon, lat = turn.transform([p[0] for p in places], [p[1] for p in places])
    return [(round(float(x), 7), round(float(y), 7)) for x, y in zip(lon, lat, strict=True)]


def _closures(city: City, found: Sequence[Listed], start: datetime) -> Iterator[Closure]:
    """Yield the roads that were closed by an approved proposal, up to where one opened them again."""
    opened: dict[str, float] = {}
    for one in found:
        for step in (one.proposal.steps[number] for number in one.carried):
            if step.action.kind == "reopen_road":
                opened[step.action.target] = max(one.begun or 0.0, step.action.at)
    names = _names(city)
    for one in found:
        for number in one.carried:
            step = one.proposal.steps[number]
            action = step.action
            if action.kind not in CLOSES or (action.kind == "underpass" and not action.params.get("closed")):
                continue
            since = max(one.begun or 0.0, action.at if step.award is None else step.award.done)
            until = opened.get(action.target)
            reason = next((r for r in one.proposal.reasons if known(r.code)), Reason("standing.approved"))
            yield Closure(
                f"{one.proposal.id}-{number}",
                action.target,
                names.get(action.target, action.target),
                start + timedelta(seconds=since),
                start + timedelta(seconds=until) if until is not None and until > since else None,
                reason,
            )


def _names(city: City) -> dict[str, str]:
    out: dict[str, str] = {}
    for kind in ("road", "underpass"):
        if city.features.count(kind):
            found = city.features.read(kind)
            out |= {id_: str(name) for id_, name in zip(found.ids, found.column("name"), strict=True) if name}
    return out


def register(folder: Path | str, twin: Path | str | None = None) -> list[Path]:
    """Write the register for the public, and return the files.

    twin  whose decisions go into the public log; None: the register alone

    Raises what opening a twin raises, and what `twin.register` does.
    """
    from twin import store

    if twin is None:
        return export(folder, load())
    with store.open_city(twin) as city:
        lines = [line for run in city.runs.list() for line in _decided(city, run.id)]
        persons = sorted(
            {decision.by.removeprefix(PLAYED) for run in city.runs.list() for decision in _decisions(city, run.id)}
        )
    return export(folder, load(), lines, persons)


def _decisions(city: City, run: str) -> Iterator[Any]:
    for one in city.board.proposals(run):
        yield from one.decisions


def _decided(city: City, run: str) -> Iterator[Decided]:
    """Yield the public log of a run: every proposal above level 1, by role and never by name."""
    if not city.board.proposals(run):
        return
    start = parse_scenario(city.runs.scenario_text(run), "scenario.toml").start
    for one in proposals(city, run):
        if one.proposal.level < 2:
            continue
        outcome = STATES[one.state]
        sentences = [r for r in one.proposal.reasons if known(r.code)]
        reason = Text(
            ko=" ".join(say(r, "ko") for r in sentences) or "이유 없음",
            en=" ".join(say(r, "en") for r in sentences) or "none",
        )
        rows = [(d.at, d.verdict, d.role) for d in one.decisions] or [(one.proposal.made, one.state, "")]
        for at, verdict, role in rows:
            yield Decided(
                start + timedelta(seconds=at),
                run,
                one.proposal.id,
                one.proposal.agent,
                one.proposal.level,
                verdict,
                role,
                reason,
                Text(ko=outcome[0], en=outcome[1]),
            )
