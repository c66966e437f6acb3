"""Reads the voting part of a rulebook: window, quotas, ballots, display of counts."""

from contest.rulebooks.rules.vocabulary import CountDisplay, EntriesPerBallot, Voting, VotingWindow
from core.i18n import _
from core.toml_reader import NO_MOMENT, Table

_MOST_VOTES = 10_000


def read_voting(table: Table) -> Voting:
    voting = Voting(
        window=_read_window(table.table("window", required=True)),
        votes_per_day=table.optional_integer("votes_per_day", 1, _MOST_VOTES),
        votes_per_contest=table.optional_integer("votes_per_contest", 1, _MOST_VOTES),
        votes_per_entry_per_day=table.optional_integer("votes_per_entry_per_day", 1, _MOST_VOTES),
        entries_per_ballot=_read_entries(table.table("entries_per_ballot", required=True)),
        count_display=_read_display(table.table("count_display", required=True)),
    )
    table.refuse_unknown()
    if voting.votes_per_day is None and voting.votes_per_contest is None:
        table.error("votes_per_day", _("每日票数和全程票数至少写一项"))
    for key in ("votes_per_day", "votes_per_contest"):
        quota = getattr(voting, key)
        if quota is not None and quota < voting.entries_per_ballot.min:
            table.error(key, _("票数不够填满一张选票"))
    return voting


def _read_window(table: Table | None) -> VotingWindow:
    if table is None:
        return VotingWindow(NO_MOMENT, NO_MOMENT)
    opens_at, closes_at = table.moment("opens_at"), table.moment("closes_at")
    hours = table.table("daily_hours")
    daily_from = hours.clock_time("from") if hours else None
    daily_to = hours.clock_time("to") if hours else None
    table.refuse_unknown()
    if hours:
        hours.refuse_unknown()
    if NO_MOMENT not in (opens_at, closes_at) and opens_at >= closes_at:
        table.error("closes_at", _("截止时间须晚于开始时间"))
    if daily_from is not None and daily_to is not None and daily_from >= daily_to:
        table.error("daily_hours", _("每日结束时刻须晚于开始时刻"))
    return VotingWindow(opens_at, closes_at, daily_from, daily_to)


def _read_entries(table: Table | None) -> EntriesPerBallot:
    if table is None:
        return EntriesPerBallot(1, 1)
    entries = EntriesPerBallot(table.integer("min", 1, 100), table.integer("max", 1, 100))
    table.refuse_unknown()
    if entries.min > entries.max:
        table.error("max", _("最多选几个不能小于最少选几个"))
    return entries


def _read_display(table: Table | None) -> CountDisplay:
    if table is None:
        return CountDisplay("hidden")
    mode = table.choice("mode", ("live", "daily_snapshot", "hidden"))
    display = CountDisplay(mode, table.clock_time("at") if mode == "daily_snapshot" else None)
    table.refuse_unknown()
    return display
