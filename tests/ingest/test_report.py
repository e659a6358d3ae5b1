"""The books of a load: lines with several readings, several faults, in any order, always add up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.report import Remarks, Tally, from_first
from twin.errors import InputError
from twin.model.finding import Finding, Quarantined

reading = st.tuples(st.integers(1, 8), st.integers(0, 1))
fault = st.tuples(st.integers(1, 8), st.booleans())


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.lists(st.lists(reading, max_size=6), min_size=1, max_size=4), st.lists(fault, max_size=6))
def test_each_line_counts_once_by_the_best_that_became_of_it(batches, faults):
    tally = Tally()
    for batch in batches:
        tally.readings(np.array([line for line, _ in batch], np.int64), np.array([s for _, s in batch], np.int8))
    tally.quarantined([Quarantined(line, "bad", "", part=part) for line, part in faults])
    readings = [r for batch in batches for r in batch]
    stored = {line for line, status in readings if status == 0}
    bad = {line for line, _ in faults} - stored
    known = {line for line, status in readings if status == 1} - stored - bad
    expected = (len(stored), len(bad), len(known))
    assert tally.close(sum(expected), "a") == expected
    with pytest.raises(InputError, match="its reader is at fault"):
        tally.close(sum(expected) + 1, "a")


def test_without_readings_every_record_counts():
    tally = Tally()
    tally.records(np.array([0, 1, 0], np.int8))
    tally.records([0])
    tally.quarantined([Quarantined(1, "a", ""), Quarantined(1, "b", ""), Quarantined(1, "c", "", part=True)])
    assert tally.close(6, "a") == (3, 2, 1)


def test_remarks_of_one_code_are_counted_when_there_are_many():
    remarks = Remarks()
    for i in range(20):
        remarks.add(Finding("info", "a", str(i)))
    assert len(remarks.all()) == 20
    for i in range(3):
        remarks.add(Finding("info", "a", str(i)))
    remarks.add(Finding("info", "b", "x"))
    assert [f.message for f in remarks.all()][-2:] == ["x", "... and 3 more findings of 'a'"]


def test_a_first_report_without_counts_is_no_trap():
    assert from_first("a", "csv", {}, "today", 0.1).lines_in == 0
