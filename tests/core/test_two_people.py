import pytest

from core.audit import SYSTEM, Actor
from core.problems import NotAllowed
from core.two_people import already_decided, require_second_person

INVOLVED = {"提出人": 1, "评委本人": 2}


@pytest.mark.parametrize("decider", [Actor(1, "甲"), Actor(2, "乙"), SYSTEM])
def test_nobody_involved_decides_nor_the_system(decider: Actor) -> None:
    with pytest.raises(NotAllowed, match="更正须由提出人和评委本人以外的另一人决定") as refused:
        require_second_person("更正", decider, INVOLVED)
    assert refused.value.code == "second_person_needed"


def test_anybody_else_decides_once() -> None:
    require_second_person("更正", Actor(3, "丙"), INVOLVED)
    refused = already_decided("更正", "丙")
    assert (refused.code, refused.message) == ("already_decided", "更正已经由丙决定")
