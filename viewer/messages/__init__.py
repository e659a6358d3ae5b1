"""Every sentence of the pages and the still, in Korean and English, by part of the page."""

from __future__ import annotations

from viewer.messages.fire import MESSAGES as FIRE
from viewer.messages.map import MESSAGES as MAP
from viewer.messages.model import MESSAGES as MODEL
from viewer.messages.page import MESSAGES as PAGE
from viewer.messages.proof import MESSAGES as PROOF
from viewer.messages.response import MESSAGES as RESPONSE
from viewer.messages.run import MESSAGES as RUN

PARTS = (PAGE, MAP, RUN, FIRE, RESPONSE, PROOF, MODEL)

CATALOGUE: dict[str, tuple[str, str]] = {key: said for part in PARTS for key, said in part.items()}
"""key -> (Korean, English); no key stands in two parts."""
