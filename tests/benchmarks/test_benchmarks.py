"""The short form of every benchmark runs in `make test`: it must give figures, but no speed is held to a bound here."""

from __future__ import annotations

import math

import pytest

from tests.measures import modules, run


@pytest.mark.parametrize("module", modules("bench"))
def test_short_form_gives_figures(module: str) -> None:
    results = list(run("bench", module, short=True))
    assert results
    for m in results:
        print(f"{m.name} = {m.value:.4g} {m.unit}")
        assert math.isfinite(m.value)
        assert m.value > 0
