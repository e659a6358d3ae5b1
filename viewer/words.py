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
    if "+" in hazard:
        return _together(hazard.split("+"), recorded, language)
    for key, sentence in CATALOGUE.items():
        named = key == f"validated_{hazard}" or key.startswith(f"validated_{hazard}_")
        if named and sentence[LANGUAGES.index("en")] == recorded:
            return sentence[index(language)]
    return recorded or say("validated_none", language)


def _together(hazards: list[str], recorded: str, language: str) -> str:
    """Return the sentences of several hazards that ran together; all as recorded where one is not in the catalogue."""
    tail = CATALOGUE["validated_together"][LANGUAGES.index("en")]
    found, rest = [], recorded.removesuffix(tail).strip()
    for hazard, follower in zip(hazards, [*hazards[1:], ""], strict=True):
        said, _, rest = rest.removeprefix(f"{hazard}: ").partition(f" {follower}: " if follower else "\n")
        found.append(validation(hazard, said.strip(), language))
        if found[-1] == said and language != "en":
            return recorded
    return " ".join([*found, CATALOGUE["validated_together"][index(language)]])


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
