"""The short form of every validation file holds the same bounds in `make test`."""

from __future__ import annotations

import pytest

from tests.measures import modules, run


@pytest.mark.parametrize("module", modules("validation"))
def test_short_form_holds_its_bounds(module: str) -> None:
    results = list(run("validation", module, short=True))
    assert results
    for m in results:
        print(f"{m.name} = {m.value:.4g} {m.unit} ({m.bound})")
    assert [f"{m.name} = {m.value:.4g} ({m.bound})" for m in results if not m.holds] == []
