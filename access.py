"""Who may use what: one row for every route of the server.

A key is the method and Litestar's path template ("GET /c/{slug:str}"; sockets "WS /path").
The server refuses to start on a route without a row, and tests/test_access.py walks every
row as every role. Rows say who may knock; whether this contest, sheet or township is the
person's own is decided by the service behind.
"""

from accounts.people.rules import Role
from accounts.sessions.guard import Open, Right

EVERYONE = Open.EVERYONE
SIGNED_IN = Open.SIGNED_IN


def only(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


CORE: dict[str, Right] = {
    "GET /healthz": EVERYONE,
    "GET /schema": EVERYONE,
    "GET /schema/openapi.json": EVERYONE,
    "GET /schema/{path:str}": EVERYONE,
    "GET /static/{file_path:path}": EVERYONE,
    "HEAD /static/{file_path:path}": EVERYONE,
}

ADMINISTRATOR = only(Role.ADMINISTRATOR)
AUDITOR = only(Role.AUDITOR)

ACCOUNTS: dict[str, Right] = {
    "GET /admin/accounts": ADMINISTRATOR,
    "GET /admin/accounts/new": ADMINISTRATOR,
    "GET /admin/accounts/{account_id:int}": ADMINISTRATOR,
    "GET /audit": AUDITOR,
    "GET /audit.csv": AUDITOR,
    "GET /enrol/{token:str}": EVERYONE,
    "GET /me": SIGNED_IN,
    "GET /me/data.json": SIGNED_IN,
    "GET /challenge/{token:str}/digits.wav": EVERYONE,
    "GET /sign-in": EVERYONE,
    "GET /sign-in/code/{public_id:str}": EVERYONE,
    "GET /sign-in/wechat": EVERYONE,
    "GET /sign-in/wechat/back": EVERYONE,
    "GET /staff/sign-in": EVERYONE,
    "GET /tablet/sign-in": EVERYONE,
    "POST /admin/accounts": ADMINISTRATOR,
    "POST /admin/accounts/{account_id:int}/disabled": ADMINISTRATOR,
    "POST /admin/accounts/{account_id:int}/enrolment": ADMINISTRATOR,
    "POST /admin/accounts/{account_id:int}/roles": ADMINISTRATOR,
    "POST /admin/accounts/{account_id:int}/unlock": ADMINISTRATOR,
    "POST /enrol/{token:str}": EVERYONE,
    "POST /me/erase": SIGNED_IN,
    "POST /me/identity": only(Role.CREATOR),
    "POST /me/identity/erase": only(Role.CREATOR),
    "POST /sign-in": EVERYONE,
    "POST /sign-in/code/{public_id:str}": EVERYONE,
    "POST /sign-out": EVERYONE,
    "POST /sign-out/everywhere": SIGNED_IN,
    "POST /staff/sign-in": EVERYONE,
    "POST /tablet/sign-in": EVERYONE,
}

FINANCE = only(Role.FINANCE)
# The auditor sees the pages of finance, apart from whole account numbers, and does nothing there.
READS_FUND = only(Role.FINANCE, Role.AUDITOR)
# A department arranges and gives what it owes in kind.
GIVES_IN_KIND = only(Role.FINANCE, Role.DEPARTMENT_OFFICER)

FUND: dict[str, Right] = {
    "GET /fund": READS_FUND,
    "GET /fund/batches": READS_FUND,
    "GET /fund/batches/new": FINANCE,
    "GET /fund/batches/{batch_id:int}": READS_FUND,
    "GET /fund/batches/{batch_id:int}/payments.xlsx": FINANCE,
    "GET /fund/entitlements": READS_FUND,
    "GET /fund/entitlements.xlsx": READS_FUND,
    "GET /fund/entitlements/{entitlement_id:int}": READS_FUND,
    "GET /fund/in-kind": READS_FUND | GIVES_IN_KIND,
    "GET /fund/in-kind/{part_id:int}": READS_FUND | GIVES_IN_KIND,
    "GET /fund/in-kind/{part_id:int}/evidence": READS_FUND | GIVES_IN_KIND,
    "GET /fund/lines/new": FINANCE,
    "GET /fund/lines/{line_id:int}": READS_FUND,
    "GET /fund/postings": READS_FUND,
    "GET /fund/postings.xlsx": READS_FUND,
    "POST /fund/appropriations/{appropriation_id:int}/decision": FINANCE,
    "POST /fund/batches": FINANCE,
    "POST /fund/batches/{batch_id:int}/decision": FINANCE,
    "POST /fund/batches/{batch_id:int}/result": FINANCE,
    "POST /fund/batches/{batch_id:int}/send": FINANCE,
    "POST /fund/corrections/{correction_id:int}/decision": FINANCE,
    "POST /fund/entitlements/{entitlement_id:int}/account": FINANCE,
    "POST /fund/entitlements/{entitlement_id:int}/corrections": FINANCE,
    "POST /fund/entitlements/{entitlement_id:int}/hold": FINANCE,
    "POST /fund/entitlements/{entitlement_id:int}/release": FINANCE,
    "POST /fund/in-kind/{part_id:int}/arrangement": GIVES_IN_KIND,
    "POST /fund/in-kind/{part_id:int}/done": GIVES_IN_KIND,
    "POST /fund/lines": FINANCE,
    "POST /fund/lines/{line_id:int}/appropriations": FINANCE,
}

# The bureau reviews nominations and is the second person on figures.
REVIEWERS = only(Role.ORGANISER, Role.DEPARTMENT_OFFICER)
# The auditor sees the organiser's pages and can do nothing on them.
READERS = only(Role.ORGANISER, Role.AUDITOR)

CONTEST: dict[str, Right] = {
    "GET /files/{digest:str}": EVERYONE,
    "GET /files/{digest:str}/{variant:str}": EVERYONE,
    "GET /c/{slug:str}/notices": EVERYONE,
    "GET /c/{slug:str}/objections": EVERYONE,
    "POST /c/{slug:str}/objections": EVERYONE,
    "GET /objections/{reference:str}": EVERYONE,
    "GET /township": only(Role.TOWNSHIP_OFFICER),
    "POST /township/c/{slug:str}/nominations": only(Role.TOWNSHIP_OFFICER),
    "GET /township/nominations/{nomination_id:int}": only(Role.TOWNSHIP_OFFICER),
    "POST /township/nominations/{nomination_id:int}": only(Role.TOWNSHIP_OFFICER),
    "POST /township/nominations/{nomination_id:int}/withdraw": only(Role.TOWNSHIP_OFFICER),
    "GET /department": REVIEWERS,
    "GET /department/nominations/{nomination_id:int}": REVIEWERS,
    "POST /department/nominations/{nomination_id:int}/decision": REVIEWERS,
    "GET /organiser": READERS,
    "GET /organiser/contests.xlsx": READERS,
    "GET /organiser/c/{slug:str}/entrants.xlsx": READERS,
    "GET /organiser/c/{slug:str}/nominations.xlsx": READERS | REVIEWERS,
    "GET /organiser/c/{slug:str}/figures.xlsx": READERS | REVIEWERS,
    "GET /organiser/c/{slug:str}/objections.xlsx": READERS,
    "GET /organiser/contests/new": only(Role.ORGANISER),
    "POST /organiser/contests": only(Role.ORGANISER),
    "GET /organiser/calendar": READERS,
    "POST /organiser/calendar": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}": READERS,
    "POST /organiser/c/{slug:str}/phase": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/approval": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/nomination-deadline": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}/rulebook": READERS,
    "POST /organiser/c/{slug:str}/rulebook": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}/nominations": READERS | REVIEWERS,
    "GET /organiser/c/{slug:str}/entrants": READERS,
    "POST /organiser/c/{slug:str}/entrants/import": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/entrants/codes": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}/entrants/{entrant_id:int}": READERS,
    "POST /organiser/c/{slug:str}/entrants/{entrant_id:int}/withdraw": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/entrants/{entrant_id:int}/photo": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}/figures": READERS | REVIEWERS,
    "POST /organiser/c/{slug:str}/figures": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}/figures/{import_id:int}": READERS | REVIEWERS,
    "GET /organiser/c/{slug:str}/figures/{import_id:int}/source": READERS | REVIEWERS,
    "POST /organiser/c/{slug:str}/figures/{import_id:int}/decision": REVIEWERS,
    "GET /organiser/c/{slug:str}/notices": READERS,
    "POST /organiser/c/{slug:str}/notices": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/objections/{objection_id:int}/answer": only(Role.ORGANISER),
}

VOTING: dict[str, Right] = {
    "GET /c/{slug:str}/ledger": EVERYONE,
    "GET /c/{slug:str}/ledger/consistency": EVERYONE,
    "GET /c/{slug:str}/ledger/head": EVERYONE,
    "GET /c/{slug:str}/ledger/heads": EVERYONE,
    "GET /c/{slug:str}/ledger/heads/{size:str}": EVERYONE,
    "GET /c/{slug:str}/ledger/inclusion": EVERYONE,
    "GET /c/{slug:str}/ledger/key": EVERYONE,
    "GET /c/{slug:str}/ledger.csv": EVERYONE,
    "GET /c/{slug:str}/ledger.jsonl": EVERYONE,
    "GET /c/{slug:str}/votes": EVERYONE,
    "GET /c/{slug:str}/my-votes": only(Role.VOTER),
    "GET /organiser/c/{slug:str}/cases": only(Role.ORGANISER, Role.AUDITOR),
    "GET /organiser/c/{slug:str}/cases/{case_id:int}": only(Role.ORGANISER, Role.AUDITOR),
    "POST /organiser/c/{slug:str}/cases/look": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/cases/{case_id:int}/dismiss": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/cases/{case_id:int}/propose": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}/voids": only(Role.ORGANISER, Role.AUDITOR),
    "GET /organiser/c/{slug:str}/voids/{void_id:int}": only(Role.ORGANISER, Role.AUDITOR),
    "GET /organiser/c/{slug:str}/voids/{void_id:int}/restore": only(Role.ORGANISER),
    "GET /organiser/c/{slug:str}/restorations/{restoration_id:int}": only(
        Role.ORGANISER, Role.AUDITOR
    ),
    "GET /receipts": EVERYONE,
    "GET /receipts/{code:str}": EVERYONE,
    "GET /receipts/{code:str}/receipt.json": EVERYONE,
    "POST /c/{slug:str}/votes": only(Role.VOTER),
    "POST /organiser/c/{slug:str}/restorations/{restoration_id:int}/decision": only(
        Role.ORGANISER, Role.AUDITOR
    ),
    "POST /organiser/c/{slug:str}/voids": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/voids/{void_id:int}/restore": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/voids/{void_id:int}/decision": only(Role.ORGANISER, Role.AUDITOR),
}

_HOSTS = only(Role.HOST, Role.ORGANISER)
_SECOND_PEOPLE = only(Role.ORGANISER, Role.DEPARTMENT_OFFICER)
_SEES_PANELS = only(Role.ORGANISER, Role.DEPARTMENT_OFFICER, Role.AUDITOR)

JUDGING: dict[str, Right] = {
    "GET /host": _HOSTS,
    "GET /host/{slug:str}": _HOSTS,
    "GET /host/{slug:str}/state": _HOSTS,
    "GET /judge": only(Role.JUDGE),
    "GET /judge/{slug:str}": only(Role.JUDGE),
    "GET /judge/{slug:str}/conflicts": only(Role.JUDGE),
    "GET /judge/{slug:str}/sheet": only(Role.JUDGE),
    "GET /judge/{slug:str}/sign": only(Role.JUDGE),
    "GET /judge/{slug:str}/state": only(Role.JUDGE),
    "GET /organiser/c/{slug:str}/panel": _SEES_PANELS,
    "GET /organiser/c/{slug:str}/sheets/{number:int}": _SEES_PANELS,
    "POST /host/{slug:str}/close": _HOSTS,
    "POST /host/{slug:str}/open": _HOSTS,
    "POST /host/{slug:str}/order": _HOSTS,
    "POST /judge/{slug:str}/conflicts": only(Role.JUDGE),
    "POST /judge/{slug:str}/corrections": only(Role.JUDGE),
    "POST /judge/{slug:str}/entrants/{code:str}/marks": only(Role.JUDGE),
    "POST /judge/{slug:str}/entrants/{code:str}/recuse": only(Role.JUDGE),
    "POST /judge/{slug:str}/entrants/{code:str}/submit": only(Role.JUDGE),
    "POST /judge/{slug:str}/entrants/{code:str}/take-back": only(Role.JUDGE),
    "POST /judge/{slug:str}/sign": only(Role.JUDGE),
    "POST /organiser/c/{slug:str}/changes/{change_id:int}": _SECOND_PEOPLE,
    "POST /organiser/c/{slug:str}/panel": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/panel/{number:int}/absent": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/panel/{number:int}/dismiss": only(Role.ORGANISER),
    "POST /organiser/c/{slug:str}/panel/{number:int}/unsigned": only(Role.ORGANISER),
    "PUT /judge/{slug:str}/entrants/{code:str}/marks": only(Role.JUDGE),
    "WS /host/{slug:str}/ws": _HOSTS,
    "WS /judge/{slug:str}/ws": only(Role.JUDGE),
}

RESULTS: dict[str, Right] = {
    "GET /c/{slug:str}/result": EVERYONE,
    "GET /c/{slug:str}/result.json": EVERYONE,
    "GET /c/{slug:str}/result/announcement.pdf": EVERYONE,
    "GET /c/{slug:str}/result/announcement.xlsx": EVERYONE,
    "GET /c/{slug:str}/result/bundle.zip": EVERYONE,
    "GET /organiser/c/{slug:str}/diagnostics": _SEES_PANELS,
    "GET /organiser/c/{slug:str}/result": _SEES_PANELS,
    "POST /organiser/c/{slug:str}/result/approve": _SECOND_PEOPLE,
    "POST /organiser/c/{slug:str}/result/propose": only(Role.ORGANISER),
}

SCORING: dict[str, Right] = JUDGING | RESULTS

LIVE: dict[str, Right] = {
    "GET /c/{slug:str}": EVERYONE,
    "GET /c/{slug:str}/ranking": EVERYONE,
    "GET /c/{slug:str}/rules": EVERYONE,
    "GET /c/{slug:str}/entrants/{code:str}": EVERYONE,
    "GET /c/{slug:str}/ballot": EVERYONE,
    "GET /c/{slug:str}/poster": EVERYONE,
    "GET /c/{slug:str}/card.png": EVERYONE,
    "GET /c/{slug:str}/entrants/{code:str}/card.png": EVERYONE,
    "GET /c/{slug:str}/rulebook.toml": EVERYONE,
    "GET /c/{slug:str}/board.csv": EVERYONE,
    "GET /c/{slug:str}/board.json": EVERYONE,
    "GET /c/{slug:str}/board.xlsx": EVERYONE,
    "GET /c/{slug:str}/screen": EVERYONE,
    "GET /host/{slug:str}/show": only(Role.HOST, Role.ORGANISER),
    "POST /host/{slug:str}/show/{act:str}": only(Role.HOST, Role.ORGANISER),
    "WS /c/{slug:str}/board/ws": EVERYONE,
    "WS /c/{slug:str}/screen/ws": EVERYONE,
    "GET /": EVERYONE,
    "GET /privacy": EVERYONE,
    "POST /elder": EVERYONE,
}

ACCESS: dict[str, Right] = CORE | ACCOUNTS | FUND | CONTEST | VOTING | SCORING | LIVE
