"""What all rooms of the command line share: the program, and the words that every verb takes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(
    name="twin",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="도시 디지털 트윈: 파일을 넣고, 침수와 화재를 모의하고, 그림을 얻습니다. "
    "A city digital twin: files in, a flood or a fire over them, a picture out.",
)

Twin = Annotated[Path, typer.Argument(help="folder of the twin, by custom NAME.twin", metavar="TWIN")]
AsJson = Annotated[bool, typer.Option("--json", help="print one JSON document instead of text")]
