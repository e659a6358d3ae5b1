"""The short form of every validation file holds its bounds in `make test`; where data are missing it says so loudly."""

from __future__ import annotations

import pytest

from tests.conftest import without_shared_data
from tests.measures import modules, run
from tests.physics.cases.files import NoSharedData


@pytest.mark.parametrize("module", modules("validation"))
def test_short_form_holds_its_bounds(module: str) -> None:
    try:
        results = list(run("validation", module, short=True))
    except NoSharedData:
        without_shared_data()
    assert results
    for m in results:
        print(f"{m.name} = {m.value:.4g} {m.unit} ({m.bound})")
    assert [f"{m.name} = {m.value:.4g} ({m.bound})" for m in results if not m.holds] == []
