"""XML, read safely and element by element: no entities, no network, no depth without end, and the right coding.

libxml2 goes on after faults of form when it is asked to; here it is asked to, because files with an undeclared prefix
are in circulation, and every other fault in its log is an error.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from twin.errors import InputError, RefusedError
from twin.model.finding import Finding

#: codings that libxml2 does not know, or knows as less than files of that name hold
OWN_CODECS = {
    "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "cp949": "cp949", "windows-949": "cp949", "ms949": "cp949",
    "shift_jis": "cp932", "windows-31j": "cp932", "cp932": "cp932",
}  # fmt: skip
#: of libxml2: a prefix that no element declares
UNDECLARED = 201
PIECE = 1 << 16

_DECLARED = re.compile(rb"""<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)""")
_DOCTYPE = re.compile(r"<!(DOCTYPE|ENTITY)")


def head_text(head: bytes) -> str:
    """Return the start of an XML file as text, for a look at it; bytes that cannot be read are left out."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head.decode("utf-16", "ignore")
    return head.decode("utf-8", "ignore")


class _Transcoded:
    """A file in another coding, read as UTF-8. Raises InputError with the line where it is not in that coding."""

    def __init__(self, file: IO[bytes], codec: str, name: str) -> None:
        self.file, self.codec, self.name = file, codec, name
        self.decoder = codecs.getincrementaldecoder(codec)()
        self.line = 1

    def read(self, size: int) -> bytes:
        piece = self.file.read(size)
        try:
            text = self.decoder.decode(piece, final=not piece)
        except UnicodeDecodeError as error:
            line = self.line + error.object[: error.start].count(b"\n")
            raise InputError(f"{self.name}:{line}: says it is {self.codec}, but it is not ({error.reason})") from error
        self.line += text.count("\n")
        return text.encode("utf-8", "surrogatepass")


class Elements:
    """The elements of some tags in an XML file, one after the other; what was read before is forgotten.

    findings  what is to be said about the file, filled while it is read
    """

    def __init__(self, path: Path, tags: tuple[str, ...]) -> None:
        self.path, self.tags = path, tags
        self.findings: list[Finding] = []
        self.root: Any = None
        self._seen = 0

    def __iter__(self) -> Iterator[Any]:
        """Yield each element when its end is read. Raises InputError with the line, RefusedError for a DTD."""
        from lxml import etree

        with self.path.open("rb") as file:
            head = file.read(65_536)
            file.seek(0)
            if not head.strip():
                raise InputError(f"{self.path.name}: the file is empty")
            if _DOCTYPE.search(head_text(head)):
                raise RefusedError(
                    f"{self.path.name}: holds a document type or entities, which no city model needs; not opened"
                )
            declared = _DECLARED.search(head[:400])
            codec = OWN_CODECS.get(declared.group(1).decode().lower()) if declared else None
            source: Any = _Transcoded(file, codec, self.path.name) if codec else file
            if codec and declared:
                message = f"{self.path.name}: declared as {declared.group(1).decode()}; read as {codec}"
                self.findings.append(Finding("info", "encoding", message))
            context = etree.iterparse(
                source,
                events=("end",),
                tag=self.tags,
                resolve_entities=False,
                no_network=True,
                load_dtd=False,
                huge_tree=False,
                recover=True,
                remove_comments=True,
                remove_pis=True,
                encoding="utf-8" if codec else None,
            )
            try:
                for _, element in context:
                    if self.root is None:
                        self.root = element.getroottree().getroot()
                        if element.getroottree().docinfo.doctype:
                            raise RefusedError(f"{self.path.name}: holds a document type; not opened")
                    self._look(context.error_log)
                    yield element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
            except etree.XMLSyntaxError as error:
                raise InputError(f"{self.path.name}:{error.lineno or 1}: not XML: {error.msg}") from error
            if self.root is None:
                self.root = context.root
            self._look(context.error_log)

    def _look(self, log: Any) -> None:
        """Go through what libxml2 has complained of since the last look."""
        if len(log) == self._seen:
            return
        for entry in list(log)[self._seen :]:
            if entry.type == UNDECLARED:
                if not any(f.code == "prefix" for f in self.findings):
                    message = f"{self.path.name}:{entry.line}: {entry.message.strip()}; the prefix was left as it is"
                    self.findings.append(Finding("warning", "prefix", message, str(entry.line)))
            elif entry.level_name != "WARNING":
                what = entry.message.strip()
                if "encod" in what.lower() or "UTF-8" in what:
                    raise InputError(
                        f"{self.path.name}:{entry.line}: its bytes are not in the encoding that it declares: {what}"
                    )
                raise InputError(f"{self.path.name}:{entry.line}: not XML, or cut off: {what}")
        self._seen = len(log)
