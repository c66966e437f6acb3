"""A second verifier of a public ledger, written from docs/ledger.md in plain Python 3.11.

    ledger_verifier.py LEDGER.jsonl RULEBOOK.toml [--votes votes.csv] (or BUNDLE.zip alone)
                       [--key HEX] [--heads heads.jsonl] [--receipt FILE]...
Exit code 0: everything holds; 1: the first fault is named.
"""

import argparse
import collections
import datetime
import hashlib
import json
import tomllib
import zipfile
from pathlib import Path
from typing import Any

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
BALLOT = {"contest", "day", "entries", "kind", "minute", "sequence", "slot", "v", "voter"}
VOID = "approved_by ballots batch contest kind minute proposed_by reason rule sequence v"
QUOTAS = "votes_per_contest", "votes_per_day", "votes_per_entry_per_day"
canonical = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode
BEIJING = datetime.timezone(datetime.timedelta(hours=8))


def need(holds: object, *what: object) -> None:
    if not holds:
        raise ValueError(" ".join(map(str, what)))


def add(p: tuple[int, ...], q: tuple[int, ...]) -> tuple[int, ...]:  # RFC 8032
    a, b = (p[1] - p[0]) * (q[1] - q[0]), (p[1] + p[0]) * (q[1] + q[0])
    c, d = 2 * D * p[3] * q[3], 2 * p[2] * q[2]
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number: int, point: tuple[int, ...]) -> tuple[int, ...]:
    total: tuple[int, ...] = (0, 1, 1, 0)
    while number:
        total = add(total, point) if number & 1 else total
        point, number = add(point, point), number >> 1
    return total


def point_of(data: bytes) -> tuple[int, ...]:
    sign, y = data[31] >> 7, int.from_bytes(data, "little") & (1 << 255) - 1
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    x = x * pow(2, (P - 1) // 4, P) % P if (x * x - xx) % P else x
    need(y < P and (x * x - xx) % P == 0 and not (x == 0 and sign), "not a point")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> None:
    need(len(key) == 32 and len(signature) == 64, "a key or a signature of a wrong length")
    number = int.from_bytes(signature[32:], "little")
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(digest, "little") % L
    one, two = times(number, BASE), add(point_of(signature[:32]), times(k, point_of(key)))
    same = all((one[i] * two[2] - two[i] * one[2]) % P == 0 for i in (0, 1))
    need(number < L and same, "the signature is wrong")


def node(*parts: bytes) -> bytes:  # of two parts, a node; of one, a leaf
    return hashlib.sha256(bytes([len(parts) - 1]) + b"".join(parts)).digest()


def roots(hashes: Any, wanted: set[int]) -> dict[int, bytes]:  # a stack of complete subtrees
    stack, found = list[bytes](), dict[int, bytes]()
    for size, leaf in enumerate(hashes, start=1):
        stack.append(leaf)
        for _pair in range((size & -size).bit_length() - 1):
            stack[-2:] = [node(*stack[-2:])]
        if size in wanted:
            *rest, found[size] = stack
            for left in reversed(rest):
                found[size] = node(left, found[size])
    return found


def open_day(minute: str, window: Any) -> str:
    first = datetime.datetime.strptime(minute, "%Y-%m-%dT%H:%MZ").replace(tzinfo=datetime.UTC)
    need(f"{first:%Y-%m-%dT%H:%MZ}" == minute, minute, "is no minute")
    last = first + datetime.timedelta(seconds=59, microseconds=999999)
    need(window["opens_at"] <= last and first < window["closes_at"], minute, "is not open")
    here, until = first.astimezone(BEIJING), last.astimezone(BEIJING)
    if hours := window.get("daily_hours"):
        start, end = (datetime.time.fromisoformat(str(hours[name])) for name in ("from", "to"))
        need(start <= until.time() and here.time() < end, minute, "is not open")
    return str(here.date())


def count(lines: list[bytes], voting: Any, contest: Any = None) -> tuple[Any, Any, Any]:
    entries = dict[tuple[int, Any], list[str]]()  # by ballot and by the batch that voided it
    used, valid, void = (collections.Counter[Any]() for _number in range(3))
    least, most = map(voting["entries_per_ballot"].get, ("min", "max"))
    for n, line in enumerate(lines, start=1):
        leaf = json.loads(line)
        need(canonical(leaf).encode() == line and leaf["v"] == 1, n, "is not canonical")
        contest = contest or leaf["contest"]
        need((leaf["sequence"], leaf["contest"]) == (n, contest), n, "stands in a wrong place")
        if leaf["kind"] in ("void", "restore"):
            need(" ".join(sorted(leaf)) == VOID, n, "is no", leaf["kind"])
            need(leaf["proposed_by"] != leaf["approved_by"], n, "is by one person")
            need({*map(type, [leaf["batch"], *leaf["ballots"]])} == {int}, n, "names no numbers")
            old, new = (None, leaf["batch"]) if leaf["kind"] == "void" else (leaf["batch"], None)
            for one in leaf["ballots"]:
                need((one, old) in entries, n, "names", one)
                entries[one, new] = entries.pop((one, old))
            continue
        need(set(leaf) == BALLOT and leaf["kind"] == "ballot", n, "is no ballot")
        voter, day, named = leaf["voter"], leaf["day"], leaf["entries"]
        need(len(voter) == 32 and not voter.strip("0123456789abcdef"), n, "has no pseudonym")
        need(least <= len(set(named)) == len(named) <= most, n, "names too many or too few")
        need(open_day(leaf["minute"], voting["window"]) == day, n, "is of another day")
        need(leaf["slot"] == used[voter, day] + 1, n, "uses a wrong slot")
        for entry in named:
            for quota, key in zip(QUOTAS, (voter, (voter, day), (voter, day, entry)), strict=True):
                used[key] += 1
                need(used[key] <= voting.get(quota, used[key]), n, "is over", quota)
        entries[n, None] = named
    for (_ballot, batch), named in entries.items():
        (valid if batch is None else void).update(named)
    return valid, void, contest


def check_receipt(receipt: Any, lines: list[bytes]) -> None:
    leaf, head = json.loads(receipt["leaf"]), receipt["head"]
    need(lines[leaf["sequence"] - 1] == receipt["leaf"].encode(), "a receipt of no line here")
    place, last = leaf["sequence"] - 1, head["size"] - 1
    current = node(receipt["leaf"].encode())
    for one in map(bytes.fromhex, receipt["proof"]):
        need(last > 0, "a proof that is too long")
        if place & 1 or place == last:
            current = node(one, current)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            current = node(current, one)
        place, last = place >> 1, last >> 1
    need(last == 0 and current.hex() == head["root"], "a proof that does not reach the root")


def read_bundle(path: str, key: bytes) -> tuple[Any, ...]:
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    key = key or bytes.fromhex(manifest["public_key"])
    signed(key, files["manifest.json"], files["manifest.sig"])
    for name, about in manifest["files"].items():
        need(hashlib.sha256(files[name]).hexdigest() == about["sha256"], name, "was changed")
    ballots, voids = (files[f"{kind}.jsonl"].splitlines() for kind in ("ballots", "voids"))
    lines = sorted(ballots + voids, key=lambda line: json.loads(line)["sequence"])
    return lines, files["rulebook.toml"], files["votes.csv"], manifest["ledger"], key


def verify(options: argparse.Namespace) -> dict[str, Any]:
    data, key = Path(options.ledger).read_bytes(), bytes.fromhex(options.key or "")
    if data[:2] == b"PK":
        lines, rulebook, votes, ledger, key = read_bundle(options.ledger, key)
    else:
        lines, rulebook, ledger = data.splitlines(), Path(options.rulebook).read_bytes(), None
        votes = Path(options.votes).read_bytes() if options.votes else b""
    valid, void, contest = count(lines, tomllib.loads(rulebook.decode())["voting"])
    receipts = [json.loads(Path(one).read_bytes()) for one in options.receipt]
    kept = Path(options.heads).read_bytes() if options.heads else b""
    heads = [*(one["head"] for one in receipts), *map(json.loads, kept.splitlines())]
    found = roots(map(node, lines), {len(lines), *(one["size"] for one in heads)})
    root = found.get(len(lines), hashlib.sha256(b"").digest()).hex()
    need(ledger in (None, {"size": len(lines), "root": root}), "the manifest names another root")
    for head in heads:
        message = canonical({name: head[name] for name in head if name != "signature"})
        signed(key, message.encode(), bytes.fromhex(head["signature"]))
        ours = ["shibaiqian-head/1", contest, found.get(head["size"], b"").hex()]
        need([head[one] for one in ("format", "contest", "root")] == ours, "a foreign head", head)
    for one in receipts:
        check_receipt(one, lines)
    stated = set(votes.decode().split()[1:])
    everyone = {row.split(",")[0] for row in stated} | {*valid, *void}
    counted = {f"{one},{valid[one]},{void[one]}" for one in everyone}
    need(not votes or stated == counted, "votes.csv was counted otherwise")
    return {"size": len(lines), "root": root, "valid": dict(valid), "void": dict(void)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("ledger", "rulebook", "--heads", "--votes", "--key"):
        parser.add_argument(name, nargs="?")
    parser.add_argument("--receipt", action="append", default=[])
    try:
        print(json.dumps(verify(parser.parse_args()), sort_keys=True))
    except (OSError, LookupError, TypeError, ValueError, zipfile.BadZipFile) as fault:
        raise SystemExit(f"✗ {fault}") from None
