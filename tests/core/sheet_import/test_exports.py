"""A file in the style of each platform, office and bank is read as a person reads it."""

import pytest

from tests.support.exports.reading import look, take
from tests.support.exports.styles import Export, every_style


@pytest.mark.parametrize("export", every_style(), ids=lambda export: export.name)
def test_export_is_read_as_a_person_reads_it(export: Export) -> None:
    preview = look(export.content, export.fields, export.answers)
    assert preview.questions == ()
    assert preview.faults == ()
    read = take(export.content, export.fields, preview)
    assert [record.values for record in read] == list(export.expected)
    assert preview.records == len(read)
    assert preview.left_rows == dict(export.left_rows)
