"""Names come from files and may hold anything: script, Markdown, marks that turn text around. Escaped at the exit.

Where a widget shows text as text (tooltips, table cells, picture captions) `plain` is enough; where it reads
Markdown, `markdown` goes around it; where it reads HTML, `markup`.
"""

from __future__ import annotations

import html
import re
import unicodedata

#: the longest name, the longest sentence, and the longest paragraph that a page shows whole
LONGEST, SENTENCE, PARAGRAPH = 80, 600, 2400


def plain(text: object, longest: int = LONGEST) -> str:
    """Return a text on one line, cut at `longest`, with U+FFFD for control, format and private characters.

    Direction marks and zero-width characters are format characters: a name cannot turn its neighbours around.
    """
    shown = re.sub(r"\s+", " ", str(text))
    shown = "".join("\ufffd" if unicodedata.category(c) in {"Cc", "Cf", "Cs", "Co", "Cn"} else c for c in shown)
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def markdown(text: object, longest: int = LONGEST) -> str:
    """Return a text that a Markdown widget shows letter by letter: each sign with a meaning there is escaped."""
    return re.sub(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=^\"'/@])", r"\\\1", plain(text, longest))


def markup(text: object, longest: int = LONGEST) -> str:
    """Return a text for inside HTML."""
    return html.escape(plain(text, longest), quote=True)
