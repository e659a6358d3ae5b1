"""Every hostile file that a reader could be handed: a balanced report or one of our errors, and nothing else."""

from __future__ import annotations

import csv

import pytest

from tests.conftest import SHARED

CORPUS = SHARED / "hostile"
FOLDERS = ("archive", "citygml", "cityjson", "csv", "geometry", "http", "ifc", "iot", "json", "names", "raster", "yaml")
#: folders whose files must become exactly what the manifest says; others need a declaration or another door
STRICT = ("archive", "citygml", "cityjson", "geometry", "ifc", "raster")
FILES = sorted(p.relative_to(CORPUS) for folder in FOLDERS for p in (CORPUS / folder).glob("*"))


def manifest() -> dict[str, str]:
    """Return file -> what must become of it."""
    with (CORPUS / "MANIFEST.tsv").open(newline="") as file:
        return {row["file"]: row["must"] for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)}


def kept(must: str, outcome) -> str:
    """Return what is wrong with an outcome by the first words of the manifest, "" when it is as stated."""
    report = outcome.report
    became = {
        "error": report is None,
        "limit": report is None,
        "ok": report is not None and report.quarantined == 0,
        "quarantine": report is not None and len(outcome.reasons) > 0,
        "repair": report is not None and any(f.severity == "warning" for f in report.findings),
        "warning": report is not None and any(f.severity == "warning" for f in report.findings),
    }
    head = must.lower().split(";")[0].split(":")[0]
    wanted = [word for word in became if word in head]
    if must.startswith("neutral") or any(became[word] for word in wanted):
        return ""
    return f"must: {must}; error: {outcome.error}; report: {report}; reasons: {outcome.reasons}"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", FILES, ids=str)
def test_a_balanced_report_or_an_error_that_names_the_file(hostile, name):
    outcome = hostile(name)
    if name.parts[0] in STRICT and str(name) in manifest():
        assert kept(manifest()[str(name)], outcome) == ""


def test_the_corpus_is_there(shared):
    assert len(FILES) > 170
    assert set(manifest()) <= {str(p.relative_to(CORPUS)) for p in CORPUS.rglob("*.*")}
