"""Watching a contest's Merkle log from outside: every head signed, each a continuation.

An organiser who rewrites the ledger must sign a head that does not continue an earlier one.
Whoever keeps heads and asks for the proof between each two of them finds out at once, and
holds both signatures as evidence. Nothing here trusts the server.
"""

from collections.abc import Callable, Iterable
from typing import Any

import httpx

from core.i18n import _
from voting.merkle_log.head_archive import HeadArchive
from voting.merkle_log.rules.proofs import proves_consistency
from voting.merkle_log.rules.query import MOST_HEADS
from voting.merkle_log.rules.tree_head import NotAHeadError, SignedHead, read_head, read_hex

_TRY_AGAIN = (408, 429)


class Unreachable(Exception):
    """The server gave no usable answer; asking again later may help."""


class Alarm(Exception):
    """Something does not hold: a sentence for people, and the evidence."""

    def __init__(self, sentence: str, **evidence: Any) -> None:
        super().__init__(sentence)
        self.evidence = {"what": sentence, **evidence}


Advance = Callable[[int, int], None]
"""Told after each head how many leaves are covered, and how many there are to cover."""


class Watcher:
    """Follows the log below `url` (…/c/slug) into an archive. `pinned` is a key known from
    elsewhere; without it the first key seen is kept."""

    def __init__(
        self, client: httpx.Client, url: str, archive: HeadArchive, pinned: bytes | None = None
    ) -> None:
        self._client = client
        self._url = url
        self._contest = url.rsplit("/", 1)[-1]
        self._archive = archive
        self._pinned = pinned
        self._key = b""

    def look(self, advance: Advance) -> int:
        """Take in what is new and check all of it; how many heads were kept.

        Raises Alarm, or Unreachable when the network or the server is away.
        """
        self._check_key()
        answer = self._ask("head")
        if answer is None:
            if self._archive.newest is not None:
                raise self._alarm(_("服务器不再给出树头，而之前签过"), None)
            return 0
        newest = self._signed(answer)
        self._check_not_older(newest)
        kept = 0
        while self._archive.newest is None or self._archive.newest.size < newest.size:
            for head in self._next_heads(newest):
                self._check_continues(head)
                self._archive.keep(head)
                kept += 1
                advance(head.size, newest.size)
        self._check_not_older(newest)
        return kept

    def _check_key(self) -> None:
        if self._key:
            return
        answer = self._ask("key")
        try:
            key = read_hex((answer or {}).get("public_key"), 32)
        except ValueError as error:
            raise Unreachable(_("服务器没有给出公钥")) from error
        for known in (self._pinned, self._archive.public_key):
            if known is not None and known != key:
                sentence = _("签名公钥换了：应为 %(known)s") % {"known": known.hex()}
                raise self._alarm(sentence, None, offered=key.hex())
        if self._archive.public_key is None:
            self._archive.keep_key(key)
        self._key = key

    def _next_heads(self, newest: SignedHead) -> Iterable[SignedHead]:
        """The heads after the last one kept, up to `newest`; itself if none is listed."""
        last = self._archive.newest
        after = 0 if last is None else last.size
        answer = self._ask("heads", after=after, limit=MOST_HEADS)
        listed = (answer or {}).get("heads")
        if not isinstance(listed, list):
            raise Unreachable(_("服务器没有给出树头的清单"))
        heads = [self._signed(one) for one in listed]
        return [one for one in heads if one.size <= newest.size] or [newest]

    def _signed(self, document: Any) -> SignedHead:
        try:
            head = read_head(document)
        except NotAHeadError as error:
            raise Unreachable(_("读不出树头：%(error)s") % {"error": error}) from error
        if head.contest != self._contest:
            raise self._alarm(_("树头属于别的评选"), head)
        if not head.is_signed_by(self._key):
            raise self._alarm(_("第 %(n)s 行处的树头签名不符") % {"n": head.size}, head)
        return head

    def _check_not_older(self, newest: SignedHead) -> None:
        last = self._archive.newest
        if last is None:
            return
        if newest.size < last.size:
            sentence = _("账本变短了：曾签过 %(old)s 行，现在只有 %(new)s 行")
            raise self._alarm(sentence % {"old": last.size, "new": newest.size}, newest)
        if newest.size == last.size and newest.root != last.root:
            sentence = _("账本分叉了：同样 %(n)s 行，签过两个不同的根")
            raise self._alarm(sentence % {"n": last.size}, newest)

    def _check_continues(self, head: SignedHead) -> None:
        last = self._archive.newest
        if last is None:
            return
        if head.size <= last.size:
            raise self._alarm(_("树头的清单没有按大小排列"), head)
        answer = self._ask("consistency", first=last.size, second=head.size)
        try:
            proof = [read_hex(one, 32) for one in (answer or {})["proof"]]
        except (KeyError, TypeError, ValueError) as error:
            raise self._alarm(_("服务器拿不出两个树头一致的证明"), head, answer=answer) from error
        if not proves_consistency(last.size, last.root, head.size, head.root, proof):
            sentence = _("账本被改写过：%(new)s 行的树头不是 %(old)s 行那个的延续")
            raise self._alarm(sentence % {"old": last.size, "new": head.size}, head, answer=answer)

    def _alarm(self, sentence: str, head: SignedHead | None, **more: Any) -> Alarm:
        last = self._archive.newest
        return Alarm(
            sentence,
            url=self._url,
            public_key=(self._key or self._archive.public_key or b"").hex(),
            kept=None if last is None else last.document(),
            seen=None if head is None else head.document(),
            **more,
        )

    def _ask(self, what: str, **parameters: int) -> dict[str, Any] | None:
        """The JSON object; None where the server says that there is no such thing."""
        try:
            answer = self._client.get(f"{self._url}/ledger/{what}", params=parameters)
        except httpx.HTTPError as error:
            raise Unreachable(_("连不上服务器：%(error)s") % {"error": repr(error)}) from error
        if answer.status_code >= 500 or answer.status_code in _TRY_AGAIN:
            raise Unreachable(_("服务器答复 %(status)s") % {"status": answer.status_code})
        try:
            document = answer.json()
        except ValueError as error:
            raise Unreachable(_("服务器的答复不是 JSON")) from error
        if not isinstance(document, dict):
            raise Unreachable(_("服务器的答复不是 JSON 对象"))
        if answer.status_code == 200:
            return document
        if what == "head" and document.get("code") != "no_head_yet":
            raise Unreachable(str(document.get("title", answer.status_code)))
        return None
