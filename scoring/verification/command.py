"""`shibaiqian-verify`: the verifier as a stranger installs it, by itself and without libraries.

`shibaiqian verify` (`scoring.verification.cli`) prints the same in colour.
"""

import argparse
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from core.i18n import _
from scoring.verification.bundle import BundleError, open_bundle
from scoring.verification.verifier import Check, verify

DIFFERENT, BAD_INPUT = 1, 2
"""Exit codes: something differs, or the file could not be opened."""


def checks(bundle: Path, key: bytes | None, *, fast: bool) -> Iterator[Check]:
    """Everything that is checked about a bundle's file, its signature first.

    Raises BundleError at the first difference.
    """
    opened = open_bundle(bundle, key)
    yield Check(_("签名与摘要"), str(opened.manifest["public_key"]))
    yield from verify(opened, fast=fast)


def closing_words(key: bytes | None) -> list[str]:
    """The sentences printed when every check has passed."""
    unpinned = _("没有指定公钥（--key）：只证明签名之后没有改动，不证明是谁签的。")
    return [*([] if key else [unpinned]), _("结果与重算完全相符。")]


def key_of_hex(text: str) -> bytes:
    """The 32 bytes of a public key. Raises ValueError."""
    key = bytes.fromhex(text)
    if len(key) != 32:
        raise ValueError(text)
    return key


def why_not_fast() -> str:
    """Why the faster recount cannot be had here; "" if it can."""
    return "" if find_spec("numpy") else _("快速重算（--fast）需要安装 numpy")


def main() -> None:
    options = _options()
    if options.fast and why_not_fast():
        _refuse(why_not_fast())
    if not options.bundle.is_file():
        _refuse(_("打不开文件 %(file)s") % {"file": options.bundle})
    try:
        for check in checks(options.bundle, options.key, fast=options.fast):
            _say(f"✓ {check.name}  {check.detail}")
    except BundleError as difference:
        _say(f"✗ {difference}")
        sys.exit(DIFFERENT)
    for sentence in closing_words(options.key):
        _say(sentence)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="shibaiqian-verify",
        description=_("重算结果包：签名、选票账本、评分表和每一步算式。"),
        epilog=_("全部相符时退出码为 0；不符为 1，并指出第一处不同；文件打不开为 2。"),
    )
    parser.add_argument("bundle", type=Path, help=_("结果包（zip）"))
    parser.add_argument("--key", type=_key, help=_("结果页上公布的签名公钥（64 位十六进制）"))
    parser.add_argument(
        "--fast", action="store_true", help=_("用 numpy 快速重算账本，供数百万票时用")
    )
    return parser.parse_args()


def _key(text: str) -> bytes:
    try:
        return key_of_hex(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(_("公钥应为 64 位十六进制数")) from error


def _say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")


def _refuse(sentence: str) -> None:
    sys.stderr.write(sentence + "\n")
    sys.exit(BAD_INPUT)


if __name__ == "__main__":
    main()
