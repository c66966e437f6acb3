"""The mapping of one platform's export: which column is which field, and what was answered.

It is made once on a page that shows the file's own headings, kept with a version, and
recognised next time by the headings alone.
"""

from collections.abc import Iterable, Sequence
from collections.abc import Mapping as AnyMapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256

from core.sheet_import.headings import Heading

_OF_ONE_FILE = ("sheet", "header", "hidden_rows", "beyond")
"""Questions about one file. Their answers are not for the next one."""


@dataclass(frozen=True)
class Mapping:
    """`answers` are pairs of a question's id and the choice taken, sorted by id."""

    platform: str
    export: str
    version: int = 1
    fingerprint: str = ""
    answers: tuple[tuple[str, str], ...] = ()

    def answer(self, question: str) -> str | None:
        return next((choice for asked, choice in self.answers if asked == question), None)

    def answered(self, answers: AnyMapping[str, str]) -> "Mapping":
        """With these answers too. Another sheet or header has headings of its own."""
        merged = dict(self.answers) | dict(answers)
        moved = any(question in ("sheet", "header") for question in answers)
        fingerprint = "" if moved else self.fingerprint
        return replace(self, fingerprint=fingerprint, answers=tuple(sorted(merged.items())))

    def for_headings(self, fingerprint: str) -> "Mapping":
        """As it applies to a file: remembered answers only if the headings are the same."""
        same = self.fingerprint in ("", fingerprint)
        answers = tuple(pair for pair in self.answers if same or pair[0] in _OF_ONE_FILE)
        return replace(self, fingerprint=fingerprint, answers=answers)

    def to_keep(self) -> "Mapping":
        """For the next file: without what was answered about this one alone."""
        return replace(
            self, answers=tuple(pair for pair in self.answers if pair[0] not in _OF_ONE_FILE)
        )

    def to_dict(self) -> dict[str, object]:
        return {**asdict(self), "answers": dict(self.answers)}

    @classmethod
    def from_dict(cls, kept: AnyMapping[str, object]) -> "Mapping":
        """Raises ValueError if `kept` is none that `to_dict` made."""
        answers, version = kept.get("answers"), kept.get("version")
        texts = [kept.get(name) for name in ("platform", "export", "fingerprint")]
        if not isinstance(answers, dict) or not isinstance(version, int):
            raise ValueError("no mapping")
        if not all(isinstance(one, str) for one in [*texts, *answers, *answers.values()]):
            raise ValueError("no mapping")
        platform, export, fingerprint = map(str, texts)
        return cls(platform, export, version, fingerprint, tuple(sorted(answers.items())))


def fingerprint_of(headings: Sequence[Heading]) -> str:
    """The same for the same titles in the same order, whatever their widths and spaces."""
    return sha256("\n".join(one.whole for one in headings).encode()).hexdigest()


def recognised(mappings: Iterable[Mapping], fingerprint: str) -> Mapping | None:
    """The newest version of the mapping that was made for these headings."""
    same = [mapping for mapping in mappings if mapping.fingerprint == fingerprint]
    return max(same, key=lambda mapping: mapping.version, default=None)
