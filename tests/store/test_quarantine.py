from __future__ import annotations

from tests.store.kit import writing
from twin.model.finding import Quarantined
from twin.store import City


def test_records_wait_with_their_reason(city: City) -> None:
    bad = [Quarantined(7, "높이가 음수", "a,b\0,\ud800", "b7"), Quarantined(3, "no time", "x" * 10_000, part=True)]
    with writing(city, "a.csv") as tx:
        tx.quarantine(bad)
        tx.quarantine([])
    with writing(city, "b.csv") as tx:
        tx.quarantine([Quarantined(1, "why", "raw")])
    rows = city.quarantine.read()
    assert [(r.source, r.file, r.line, r.id, r.reason, r.raw, r.part) for r in rows] == [
        (1, "a.csv", 3, "", "no time", "x" * 10_000, True),
        (1, "a.csv", 7, "b7", "높이가 음수", "a,b\0,\ud800", False),
        (2, "b.csv", 1, "", "why", "raw", False),
    ]
    assert city.quarantine.read(2) == rows[2:]
    assert city.quarantine.read(99) == []
    assert city.snapshot == 0
