"""Refusals: what a program and a person learn from each."""

import pytest

from core.problems import (
    Conflict,
    FieldError,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    SignInRequired,
    TooMany,
    Unavailable,
)


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Problem, 400),
        (SignInRequired, 401),
        (NotAllowed, 403),
        (NotFound, 404),
        (Conflict, 409),
        (Invalid, 422),
        (TooMany, 429),
        (Unavailable, 503),
    ],
)
def test_each_kind_has_its_status(kind: type[Problem], status: int) -> None:
    problem = kind("a_code", "一句话")
    assert (problem.status, problem.code, problem.message) == (status, "a_code", "一句话")
    assert (str(problem), problem.errors, problem.retry_after) == ("一句话", (), None)


def test_errors_of_fields_are_kept_as_they_were() -> None:
    errors = [FieldError("name", "请填写姓名")]
    problem = Invalid("invalid_form", "请更正", errors=errors)
    errors.clear()
    assert problem.errors == (FieldError("name", "请填写姓名"),)
