"""The demo's pictures, drawn and stored as if they had been uploaded."""

import asyncio
from collections.abc import Sequence

from contest.entrants.photos import photo_store, store_photo
from core.runtime import Runtime
from demo.candidates import Person
from demo.pictures import portrait


async def photos_of(runtime: Runtime, people: Sequence[Person]) -> dict[str, str]:
    """Name → digest. The same person's picture is the same file."""
    store = photo_store(runtime)

    def draw(person: Person) -> str:
        return store_photo(store, portrait(person), "photo")

    digests = await asyncio.gather(*(asyncio.to_thread(draw, person) for person in people))
    return {person.name: digest for person, digest in zip(people, digests, strict=True)}
