"""What the pages and the still say, in Korean or English: no page holds text of its own."""

from __future__ import annotations

from twin.errors import UsageError, suggest
from twin.names import KINDS
from viewer.messages import CATALOGUE

LANGUAGES = ("ko", "en")


def say(key: str, language: str, **values: object) -> str:
    """Return a sentence in `language` ("ko" or "en") with its values filled in.

    Raises UsageError for an unknown key or language.
    """
    if key not in CATALOGUE:
        raise UsageError(f"message {key!r} is not in the catalogue; {suggest(key, CATALOGUE)}")
    return CATALOGUE[key][index(language)].format(**values)


def validation(hazard: str, recorded: str, language: str) -> str:
    """Return how a run's model was validated, in `language`.

    recorded  what the run says in English; a sentence the catalogue does not hold is shown as it is
    """
    for key, sentence in CATALOGUE.items():
        if key.startswith(f"validated_{hazard}_") and sentence[LANGUAGES.index("en")] == recorded:
            return sentence[index(language)]
    return recorded or say("validated_none", language)


def index(language: str) -> int:
    """Return the place of a language in the catalogue. Raises UsageError for one it does not speak."""
    if language not in LANGUAGES:
        raise UsageError(f"language {language!r} is not spoken; {suggest(language, LANGUAGES)}")
    return LANGUAGES.index(language)


def kind_label(kind: str, language: str) -> str:
    """Return what people call a kind of feature."""
    return (KINDS[kind].ko, KINDS[kind].en)[index(language)]


def known_label(group: str, word: str, language: str) -> str:
    """Return what people call a word of a group ("use": of a building; "curve": of damage); else the word itself."""
    key = f"{group}_{word}"
    return CATALOGUE[key][index(language)] if key in CATALOGUE else word
