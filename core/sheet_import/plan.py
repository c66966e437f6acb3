"""Which column is read as which field, in which unit, and what of it a person must settle."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field as plain_field

from core.i18n import _
from core.sheet_import.cells import column_letters
from core.sheet_import.fields import Field, Kind
from core.sheet_import.header import Column, Layout
from core.sheet_import.headings import Claims, claims, definitions_of, titles_of, words_in
from core.sheet_import.mapping import Mapping
from core.sheet_import.questions import Choice, Fault, LeftOut, Question
from core.sheet_import.units import Unit, is_foreign, unit_for

NONE = "-"
"""The choice that says: no column is this field."""
_NOTE_UNIT = re.compile(r"单位\s*[:：为]?\s*([^\s,，;；、。()（）]{1,6})")
_NOTE_BRACKET = re.compile(r"[(（【]\s*(?!单位)([^()（）【】]{1,6})\s*[)）】]")


@dataclass(frozen=True)
class Reading:
    """One field read from one column; `unit` is what the heading says, None for nothing."""

    field: Field
    column: Column
    unit: Unit | None = None


@dataclass
class Plan:
    """Everything settled before the rows are read, and everything that is not."""

    readings: list[Reading] = plain_field(default_factory=list)
    questions: list[Question] = plain_field(default_factory=list)
    faults: list[Fault] = plain_field(default_factory=list)
    left_out: list[LeftOut] = plain_field(default_factory=list)


def make_plan(layout: Layout, fields: Sequence[Field], mapping: Mapping) -> Plan:
    plan = Plan()
    why: dict[str, str] = {}
    for field in fields:
        column = _column_of(field, layout, mapping, plan, why)
        if column is not None:
            reading = _reading(field, column, layout, mapping, plan, why)
            if reading is not None:
                plan.readings.append(reading)
    _refuse_one_column_twice(plan)
    used = {reading.column.key for reading in plan.readings}
    plan.left_out += [
        LeftOut("column", column.heading.text, why.get(column.key) or _("不是需要的数据"))
        for column in layout.columns
        if column.key not in used
    ]
    return plan


def _column_of(
    field: Field, layout: Layout, mapping: Mapping, plan: Plan, why: dict[str, str]
) -> Column | None:
    """The field's column, if it is certain; else a question or a fault is added."""
    question = f"column:{field.id}"
    answer = mapping.answer(question)
    found = _candidates(field, layout.columns, why)
    if answer is not None:
        chosen = next((column for column in layout.columns if column.key == answer), None)
        if chosen is not None and chosen.key in why:
            sentence = _("列「%(title)s」%(why)s") % {"title": answer, "why": why[chosen.key]}
            plan.faults.append(Fault(0, field.name, sentence))
            return None
        if chosen is not None or answer == NONE:
            if chosen is None and field.required:
                plan.faults.append(Fault(0, field.name, _missing(field)))
            return chosen
    if len(found) == 1:
        return found[0]
    if not found and not field.required:
        return None
    among = found or [column for column in layout.columns if column.key not in why]
    sentence = (
        _("有几列都可能是「%(name)s」，是哪一列？")
        if found
        else _("没有找到「%(name)s」，是哪一列？")
    )
    choices = tuple(Choice(one.key, _label(one, layout)) for one in among)
    nothing = Choice(NONE, _("都不是"))
    plan.questions.append(Question(question, sentence % {"name": field.name}, (*choices, nothing)))
    return None


def _label(column: Column, layout: Layout) -> str:
    if layout.pairs:
        return column.heading.text
    place = column_letters(column.index)
    return _("%(letters)s 列「%(title)s」") % {"letters": place, "title": column.heading.text}


def _missing(field: Field) -> str:
    return _("缺少「%(name)s」一列") % {"name": field.name}


def _candidates(field: Field, columns: Sequence[Column], why: dict[str, str]) -> list[Column]:
    """Columns of exactly this title, else of these words that state no other definition."""
    wholes = {title.whole for title in titles_of(field)}
    exact = [column for column in columns if column.heading.whole in wholes]
    if exact:
        return exact
    words, allowed = {title.words for title in titles_of(field)}, definitions_of(field)
    found = []
    for column in columns:
        if not words & words_in(column.heading.text):
            continue
        other = claims(column.heading, field.kind).definitions - allowed
        if other:
            what = {"what": "、".join(sorted(other)), "name": field.name}
            why[column.key] = _("写明是「%(what)s」，与「%(name)s」要求的口径不同") % what
        else:
            found.append(column)
    return found


def _reading(
    field: Field,
    column: Column,
    layout: Layout,
    mapping: Mapping,
    plan: Plan,
    why: dict[str, str],
) -> Reading | None:
    """How the column is read, if its brackets allow it to be this field's."""
    said = claims(column.heading, field.kind)
    title = column.heading.text
    if said.foreign:
        sentence = _("列「%(title)s」是外币，没有注明日期的汇率，不能折算成元")
        plan.faults.append(Fault(layout.last, title, sentence % {"title": title}))
        return None
    if said.other_units:
        sentence = _("列「%(title)s」的单位「%(unit)s」不是这项数据的单位")
        text = {"title": title, "unit": "、".join(said.other_units)}
        plan.faults.append(Fault(layout.last, title, sentence % text))
        return None
    if len({unit.factor for unit in said.units}) > 1:
        sentence = _("列「%(title)s」写了两个不同的单位")
        plan.faults.append(Fault(layout.last, title, sentence % {"title": title}))
        return None
    if not _are_settled(field, column, said, mapping, plan):
        why[column.key] = _("括号里的说明还没有确认")
        return None
    unit = said.units[0] if said.units else _unit_of_notes(field, layout, mapping, plan)
    return Reading(field, column, unit)


def _are_settled(field: Field, column: Column, said: Claims, mapping: Mapping, plan: Plan) -> bool:
    """Whether unknown brackets and a definition that is not stated have been confirmed."""
    wholes = {title.whole for title in titles_of(field)}
    doubts = []
    if said.unknown and column.heading.whole not in wholes:
        text = {"title": column.heading.text, "bracket": "、".join(said.unknown)}
        sentence = _("列「%(title)s」的括号「%(bracket)s」是什么意思？它是不是「%(name)s」？")
        doubts.append(
            (f"bracket:{field.id}:{column.key}", sentence % (text | {"name": field.name}))
        )
    wanted = definitions_of(field)
    if wanted and not said.definitions and column.heading.whole not in wholes:
        text = {"title": column.heading.text, "what": "、".join(sorted(wanted))}
        sentence = _("列「%(title)s」没有写明口径，它是不是「%(what)s」？")
        doubts.append((f"definition:{field.id}:{column.key}", sentence % text))
    settled = True
    for question, sentence in doubts:
        answer = mapping.answer(question)
        if answer == "no":
            plan.faults += [Fault(0, field.name, _missing(field))] if field.required else []
        elif answer != "yes":
            choices = (Choice("yes", _("是")), Choice("no", _("不是，不导入这一列")))
            plan.questions.append(Question(question, sentence, choices))
        settled = settled and answer == "yes"
    return settled


def _unit_of_notes(field: Field, layout: Layout, mapping: Mapping, plan: Plan) -> Unit | None:
    """A unit that stands above the table, such as 单位：万元, if a person says it applies."""
    if field.kind is not Kind.MONEY:
        return None
    for row, note in layout.notes:
        for text in dict.fromkeys(_NOTE_UNIT.findall(note) + _NOTE_BRACKET.findall(note)):
            unit = unit_for(text, Kind.MONEY)
            foreign = is_foreign(text)
            if not foreign and (unit is None or unit.factor == 1):
                continue
            question = f"note_unit:{text}"
            answer = mapping.answer(question)
            if answer == "apply" and unit is not None:
                return unit
            if answer == "apply":
                sentence = _("表头上方写明是外币，没有注明日期的汇率，不能折算成元")
                plan.faults.append(Fault(row, "", sentence))
            elif answer != "ignore" and all(one.id != question for one in plan.questions):
                sentence = _("第 %(row)s 行写着「%(note)s」，没有写单位的金额都是「%(unit)s」吗？")
                said = {"row": row, "note": note[:60], "unit": text}
                choices = (Choice("apply", _("是")), Choice("ignore", _("不是")))
                plan.questions.append(Question(question, sentence % said, choices))
    return None


def _refuse_one_column_twice(plan: Plan) -> None:
    seen: dict[str, str] = {}
    for reading in plan.readings:
        other = seen.setdefault(reading.column.key, reading.field.name)
        if other != reading.field.name:
            text = {"a": other, "b": reading.field.name}
            sentence = _("同一列不能既是「%(a)s」又是「%(b)s」") % text
            plan.faults.append(Fault(0, reading.column.heading.text, sentence))
