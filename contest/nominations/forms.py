"""A nomination's form and the bureau's decision on it, read with every error at once."""

from contest.nominations.rules import FIELD_NAMES, PLATFORMS, Candidate, Gap
from core.i18n import _
from core.web.forms import FormReader

_LONGEST_REPORT = 20_000


def read_candidate(form: FormReader, photo: str | None) -> Candidate:
    """A draft as typed: a missing field is no error yet, an impossible value is one."""
    born_on = form.optional_date("born_on", FIELD_NAMES["born_on"])
    candidate = Candidate(
        name=form.text("name", FIELD_NAMES["name"], required=False, longest=40),
        born_on=born_on,
        phone=_mobile(form, "phone"),
        platform=form.choice("platform", FIELD_NAMES["platform"], PLATFORMS, required=False),
        account=form.text("account", FIELD_NAMES["account"], required=False, longest=60),
        summary=form.text("summary", FIELD_NAMES["summary"], required=False, longest=120),
        case_report=form.text(
            "case_report", FIELD_NAMES["case_report"], required=False, longest=_LONGEST_REPORT
        ),
        photo=photo,
        first_time=form.flag("first_time"),
        guardian_name=form.text(
            "guardian_name", FIELD_NAMES["guardian_name"], required=False, longest=40
        ),
        guardian_phone=_mobile(form, "guardian_phone"),
        guardian_consent=form.flag("guardian_consent"),
        consent=form.flag("consent"),
    )
    form.finish()
    return candidate


def _mobile(form: FormReader, field: str) -> str:
    label = FIELD_NAMES[field]
    wrong = _("%(label)s应当是 11 位手机号码") % {"label": label}
    return form.mobile(field, label, wrong=wrong, required=False)


def read_gaps(form: FormReader) -> list[Gap]:
    """The gaps that the bureau names: one optional sentence for each field."""
    found = []
    for field, label in FIELD_NAMES.items():
        message = form.text(f"gap_{field}", label, required=False, longest=300)
        if message:
            found.append(Gap(field, message))
    return found
