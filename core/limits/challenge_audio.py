"""Six digits, spoken in Mandarin over noise, for people whose browser runs no scripts.

espeak-ng speaks; without it there is no audio, and pages do not offer it. The noise and the uneven
volume make speech recognition more expensive than another network address; they do not make it
impossible.
"""

import array
import asyncio
import io
import random
import shutil
import wave

_SPEAKERS = asyncio.Semaphore(2)
_WORDS_A_MINUTE, _GAP = "120", "14"
_WITHIN = 10
_NOISE, _QUIETEST = 900, 0.55


class NoVoice(Exception):
    """espeak-ng is missing, or did not speak."""


def can_speak() -> bool:
    return shutil.which("espeak-ng") is not None


async def spoken(digits: str) -> bytes:
    """A WAV file. Raises NoVoice."""
    if not can_speak():
        raise NoVoice("espeak-ng is not installed")
    command = ["espeak-ng", "-v", "cmn", "-s", _WORDS_A_MINUTE, "-g", _GAP, "--stdout"]
    async with _SPEAKERS:
        process = await asyncio.create_subprocess_exec(
            *command,
            " ".join(digits),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            async with asyncio.timeout(_WITHIN):
                sound, _nothing = await process.communicate()
        except TimeoutError as error:
            process.kill()
            await process.wait()
            raise NoVoice("espeak-ng did not finish") from error
    if process.returncode != 0:
        raise NoVoice(f"espeak-ng ended with {process.returncode}")
    return await asyncio.to_thread(_over_noise, sound)


def _over_noise(sound: bytes) -> bytes:
    with wave.open(io.BytesIO(sound)) as spoken_file:
        rate = spoken_file.getframerate()
        samples = array.array("h", spoken_file.readframes(rate * 60))
    chance = random.SystemRandom()
    level, mixed = 1.0, array.array("h")
    for place, sample in enumerate(samples):
        if place % (rate // 3) == 0:
            level = chance.uniform(_QUIETEST, 1.0)
        noise = random.gauss(0, _NOISE)
        mixed.append(max(-32768, min(32767, int(sample * level + noise))))
    target = io.BytesIO()
    with wave.open(target, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(mixed.tobytes())
    return target.getvalue()
