"""The whole way in one go: the demo city's files, its twin, the flood, the damage and the picture."""

from __future__ import annotations

from pathlib import Path

from twin.console import progress, say, time_left
from twin.errors import InputError
from twin.settings import data_folder

#: a flood run is closed when its relative volume error is below this
CLOSED = 1e-6

LICENCE = "가상 데이터 (fictional), Apache-2.0"

#: what else the demo city comes with
FIRES = ("gaon_hillside_fire.toml", "gaon_street_fire.toml", "gaon_fire_flood.toml")

SCENARIOS = {"district": "gaon_cloudburst.toml", "city600k": ""}


def walk(folder: Path, size: str = "district", *, quiet: bool = False) -> dict[str, object]:
    """Return what was made: `twin`, `files`, `run`, `impact`, `picture`, and whether the budget is `closed`.

    folder  takes `files/`, `gaon.twin` and `gaon.png`; what is already there is used again where it is the same
    size    "district" (about 6,000 buildings and a flood) or "city600k" (600,000 buildings, loaded only)
    """
    from ingest import demo
    from ingest.load import load
    from ingest.reading import ReadOptions
    from twin import runs, store

    if size not in SCENARIOS:
        raise InputError(f"demo size '{size}' is not known; known: {', '.join(SCENARIOS)}")

    def tell(text: str) -> None:
        if not quiet:
            say(text)

    tell(f"1/5 가온시(가상)의 파일을 씁니다 · writing the files of the made-up city into {folder / 'files'}")
    with progress("쓰기 write") as report:
        files = demo.write(folder / "files", size, progress=report)
    path = folder / ("gaon.twin" if size == "district" else f"gaon_{size}.twin")
    tell(f"2/5 파일 {len(files)}개를 읽어 들입니다 · loading {len(files)} files into {path}")
    city = store.open_city(path) if path.exists() else store.create(path, crs="EPSG:5186")
    with city:
        with progress("읽기 load") as report:
            made_up = ReadOptions(licence=LICENCE)
            reports = load(city, files, made_up, progress=lambda name, fraction: report(fraction, name))
        for r in reports:
            books = f"{r.stored:,} stored + {r.quarantined:,} quarantined + {r.duplicate:,} duplicate"
            tell(f"    {r.lines_in:>8,} = {books}  {r.file}")
        result: dict[str, object] = {
            "twin": str(path),
            "files": [r.as_dict() for r in reports],
            "run": None,
            "impact": None,
            "picture": None,
            "closed": True,
        }
        if not SCENARIOS[size]:
            return result
        scenario = data_folder("scenarios") / SCENARIOS[size]
        tell(f"3/5 침수를 모의합니다 · simulating {scenario.name} (about two minutes on two cores)")
        with progress("모의 simulate") as report:
            run = runs.simulate(city, scenario, progress=lambda fraction, left: report(fraction, time_left(left)))
        error = abs(run.budget.error_relative)
        tell(f"    run {run.id}: {run.frames} frames, in {run.budget.inflow:,.0f} m3, volume error {error:.1e}")
        tell("4/5 피해를 셉니다 · counting what the water does")
        impact = runs.assess(city, run.id)
        facts = impact.as_dict()
        tell(
            f"    건물 {facts['buildings_affected']:,}동 · {facts['people_exposed']:,.0f}명 · "
            f"{facts['damage_krw'] / 1e8:,.0f}억원 ({facts['curve']})"
        )
        picture = folder / "gaon.png"
        tell(f"5/5 그림을 그립니다 · drawing {picture}")
        from viewer.still import draw

        draw(city, run.id, picture)
        for name in FIRES:
            tell(f"    불도 모의할 수 있습니다 · fire too: twin run {path} {data_folder('scenarios') / name}")
    closed = run.status == "done" and error <= CLOSED
    return result | {
        "run": run.id,
        "error_relative": error,
        "impact": facts | {"buildings": len(facts["buildings"])},
        "picture": str(picture),
        "closed": closed,
    }
