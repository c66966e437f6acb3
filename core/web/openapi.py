"""Saying in the OpenAPI document what a handler reads by itself: forms, files, the query.

Handlers read whole forms themselves, so that all errors are reported at once; Litestar sees no
types there, and its document would name no fields.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from litestar.openapi.spec import (
    OpenAPIMediaType,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType

JSON = "application/json"
URL_ENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"

_TEXT = Schema(type=OpenAPIType.STRING)
_TEXTS = Schema(type=OpenAPIType.ARRAY, items=_TEXT)
_FILE = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY)
# Handlers say themselves what is missing: nothing is required of a request to be answered.


def takes(
    *fields: str,
    repeated: Sequence[str] = (),
    files: Sequence[str] = (),
    others: bool = False,
    json: bool = False,
) -> type[Operation]:
    """The `operation_class` of a handler that reads a form of these fields.

    `repeated` may come several times, `files` are uploads. With `others` there are more
    fields, whose names depend on the contest; with `json` an object of the same members is
    taken as well.
    """
    properties: dict[str, Schema | Reference] = {
        **dict.fromkeys(fields, _TEXT),
        **dict.fromkeys(repeated, _TEXTS),
        **dict.fromkeys(files, _FILE),
    }
    schema = Schema(
        type=OpenAPIType.OBJECT,
        properties=properties,
        additional_properties=_TEXT if others else None,
    )
    kinds = [MULTIPART] if files else [URL_ENCODED, *([JSON] if json else [])]
    body = RequestBody({kind: OpenAPIMediaType(schema=schema) for kind in kinds})

    @dataclass
    class FormOperation(Operation):
        def __post_init__(self) -> None:
            self.request_body = body

    return FormOperation


def asks(*names: str, repeated: Sequence[str] = ()) -> type[Operation]:
    """The `operation_class` of a handler that reads these parameters of the query."""
    added = [Parameter(name, "query", schema=_TEXT) for name in names]
    added += [Parameter(name, "query", schema=_TEXTS) for name in repeated]

    @dataclass
    class QueryOperation(Operation):
        def __post_init__(self) -> None:
            self.parameters = [*(self.parameters or []), *added]

    return QueryOperation
