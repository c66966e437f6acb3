"""The catalogue of the words on screens, whose ids are the Chinese sentences themselves.

    python tools/messages.py            fail if the committed catalogue is out of date
    python tools/messages.py --write    bring it up to date

A translation begins with `pybabel init` from that catalogue; without one, the ids are shown.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import write_po

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "frontend_templates" / "locale" / "messages.pot"
NOT_OURS = ("tests", "tools", "data", "build", "node_modules")


def extracted() -> Catalog:
    with (ROOT / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)  # type: ignore[no-untyped-call]
    found = extract_from_dir(
        ROOT,
        methods,
        options,
        comment_tags=("Translators:",),
        directory_filter=is_ours,
    )
    catalog = Catalog(project="shibaiqian", charset="utf-8")
    for _file, _line, message, comments, context in found:
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def is_ours(folder: str | Path) -> bool:
    name = Path(folder).name
    return not name.startswith(".") and name not in NOT_OURS


def as_text(catalog: Catalog) -> bytes:
    """The catalogue sorted, without dates or places, so that two branches seldom collide."""
    text = BytesIO()
    write_po(text, catalog, omit_header=True, no_location=True, sort_output=True, width=100)
    return text.getvalue()


def main() -> None:
    found = as_text(extracted())
    if "--write" in sys.argv[1:]:
        TEMPLATE.parent.mkdir(exist_ok=True)
        TEMPLATE.write_bytes(found)
    elif not TEMPLATE.exists() or TEMPLATE.read_bytes() != found:
        sys.exit("the message catalogue is out of date: run `make messages` and commit it")


if __name__ == "__main__":
    main()
