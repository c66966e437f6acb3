import io
import wave

import pytest

from core.limits.challenge_audio import NoVoice, can_speak, spoken


async def test_six_digits_are_spoken_anew_each_time() -> None:
    one, same, other = [await spoken(digits) for digits in ("380517", "380517", "111111")]
    assert one != same, "the noise differs"
    for sound in (one, other):
        with wave.open(io.BytesIO(sound)) as file:
            seconds = file.getnframes() / file.getframerate()
            assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
            assert 2 < seconds < 15


async def test_without_a_voice_it_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not can_speak()
    with pytest.raises(NoVoice):
        await spoken("123456")
