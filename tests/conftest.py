"""What every test shares: where the shared data lie, and the rule that their absence is loud."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import pytest

SHARED = Path(__file__).parent.parent.parent / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Return the folder of shared data; without it fail in CI and skip with a loud line elsewhere."""
    if not SHARED.is_dir():
        message = f"NOT TESTED: {SHARED} with the real files is missing"
        if os.environ.get("CI"):
            pytest.fail(message)
        warnings.warn(message, pytest.PytestWarning, stacklevel=1)
        pytest.skip(message)
    return SHARED
