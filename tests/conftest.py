"""What every test shares: where the shared data lie, and the rule that their absence is loud."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import NoReturn

import pytest

SHARED = Path(__file__).parent.parent.parent / "shared"


def without_shared_data() -> NoReturn:
    """Fail in CI and skip with a loud line elsewhere, because the folder of shared data is missing."""
    message = f"NOT TESTED: {SHARED} with the real files is missing"
    if os.environ.get("CI"):
        pytest.fail(message)
    with warnings.catch_warnings():  # warnings are errors here; this one is to be seen in the summary, not to fail
        warnings.simplefilter("default")
        warnings.warn(message, pytest.PytestWarning, stacklevel=1)
    pytest.skip(message)


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared data; without it fail in CI and skip with a loud line elsewhere."""
    if not SHARED.is_dir():
        without_shared_data()
    return SHARED
