"""The child process in which other people's Typst is compiled: it can open nothing, and has its memory counted.

Run as a file by `documents.jail`, alone and without an environment. Once the fonts are in memory it gives up every
right to open a file or a connection: the kernel then refuses both, whatever the template, or a fault of the compiler,
asks for. It answers questions until its input ends. A message is four bytes of length and as much JSON.
"""

import base64
import io
import json
import logging
import re
import resource
import struct
import sys
from collections.abc import Callable
from typing import Any, Final

import typst
from pypdf import PdfReader

_LENGTH: Final = struct.Struct(">I")
_PLACE: Final = re.compile(r"┌─ \S*?:(\d+):\d+")
# Typst forgets a piece of layout when ten compiles in a row did not ask for it.
_COMPILES_UNTIL_FORGOTTEN: Final = 11
_EVERY_FONT: Final = b"""#set document(title: "x")
#let faces = [a *b* _c_ *_d_*]
#for font in ("Liberation Sans", "Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono") {
  text(font: font, faces)
}
$ sum_x integral $ `raw`"""


def main() -> None:
    """Serve until the input ends."""
    fonts, empty, memory = sys.argv[1], sys.argv[2], int(sys.argv[3])
    logging.disable()
    known = typst.Fonts(include_system_fonts=False, font_paths=[fonts])

    def compiler(source: bytes, data: str) -> Any:
        return typst.Compiler(
            source, empty, known, sys_inputs={"data": data}, package_path=empty, package_cache_path=empty
        )

    # Fonts and modules are read when they are first asked for: afterwards nothing can be.
    read(compiler(_EVERY_FONT, "").compile(format="pdf"))
    _give_up(memory)
    _send({})
    while (asked := _received()) is not None:
        _send(answer(compiler, asked))


def _give_up(memory: int) -> None:
    """No file, no connection, no file that grows, no core; and so much more memory than is in use now."""
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 -- nothing more is imported than must be
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + memory, used + memory))
    for limit in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NOFILE):
        resource.setrlimit(limit, (0, 0))


def answer(compiler: Callable[[bytes, str], Any], asked: dict[str, Any]) -> dict[str, Any]:
    """Return what a source makes of its data, or on which line it fails and why."""
    press = compiler(asked["source"].encode(), asked["data"])
    options: dict[str, Any] = {"format": asked["format"]}
    if asked["format"] == "png":
        options["ppi"] = asked["ppi"]
    else:
        options |= {"timestamp": asked["timestamp"], "pdf_tags": asked["tagged"]}
        options |= {"pdf_standards": ["ua-1"]} if asked["declared"] else {}
    try:
        made = press.compile(**options)
    except typst.TypstError as error:
        return {"message": error.message, "lines": [int(line) for line in _PLACE.findall(error.diagnostic)]}
    files = [made] if isinstance(made, bytes) else made
    pages = last_pages(made) if asked["counted"] else []
    said = {"text": "", "language": "", "tagged": False} if not asked["read"] else read(files[0])
    if asked["swept"]:
        for _ in range(_COMPILES_UNTIL_FORGOTTEN):
            press.compile(b"", format="pdf")
    return {"files": [base64.b64encode(one).decode() for one in files], "last_pages": pages, **said}


def read(pdf: Any) -> dict[str, Any]:
    """Return what a PDF says, in which language, and whether it is tagged."""
    reader = PdfReader(io.BytesIO(pdf))
    root = reader.root_object
    marked = root.get("/MarkInfo", {})
    return {
        "text": "\n".join(page.extract_text() for page in reader.pages),
        "language": str(root.get("/Lang", "")),
        "tagged": bool(marked.get("/Marked", False)) and "/StructTreeRoot" in root,
    }


def last_pages(pdf: Any) -> list[int]:
    """Return the last page of each document, counted from one: each begins where the numbers begin anew."""
    labels = PdfReader(io.BytesIO(pdf)).page_labels
    begins = [place for place, label in enumerate(labels) if label == "1"]
    return [*begins[1:], len(labels)]


def _received() -> dict[str, Any] | None:
    head = sys.stdin.buffer.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    asked: dict[str, Any] = json.loads(sys.stdin.buffer.read(length))
    return asked


def _send(answered: dict[str, Any]) -> None:
    body = json.dumps(answered).encode()
    sys.stdout.buffer.write(_LENGTH.pack(len(body)) + body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
