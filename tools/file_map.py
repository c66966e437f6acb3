"""The list of files in docs/architecture.md, made of the first sentence of each file.

    python tools/file_map.py            fail if the committed list is out of date
    python tools/file_map.py --write    bring it up to date

The list lets a newcomer find a file without opening the folders.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- files: made by `make files` -->\n", "<!-- end of files -->\n"
PACKAGES = ("core", "accounts", "contest", "voting", "scoring", "live", "demo", "lab")
# Files whose name says everything in every folder.
SAY_NOTHING = {"__init__.py", "piccolo_app.py", "tables.py"}


def main() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _begin, rest = text.partition(BEGIN)
    _old, _end, after = rest.partition(END)
    made = before + BEGIN + "\n".join(lines()) + "\n" + END + after
    if "--write" in sys.argv[1:]:
        DOCUMENT.write_text(made, encoding="utf-8")
    elif made != text:
        sys.exit("docs/architecture.md does not list the files as they are: make files")


def lines() -> Iterator[str]:
    for package in PACKAGES:
        folders = [ROOT / package, *sorted((ROOT / package).rglob("*/"))]
        for folder in folders:
            if "piccolo_migrations" in folder.parts or "__pycache__" in folder.parts:
                continue
            files = [one for one in sorted(folder.glob("*.py")) if one.name not in SAY_NOTHING]
            if not files:
                continue
            yield f"\n**`{folder.relative_to(ROOT)}/`**\n"
            for file in files:
                yield f"- `{file.name}`: {first_sentence(file)}"


def first_sentence(file: Path) -> str:
    """The first paragraph of the file's docstring, without what follows a full stop."""
    docstring = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    paragraph = " ".join(docstring.partition("\n\n")[0].split())
    return paragraph.partition(". ")[0].rstrip(".")


if __name__ == "__main__":
    main()
