"""The spoken digits of a challenge."""

from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from core.i18n import _
from core.limits.challenge_audio import NoVoice, spoken
from core.limits.rate_limit import WithoutRedis, limit
from core.problems import NotFound, Unavailable
from core.runtime import Runtime
from core.web.network import client_address, network_prefix
from core.web.pages import AnyRequest

# Speaking takes a tenth of a second of processor time.
PER_NETWORK = limit(
    "challenge_audio",
    "60 per minute",
    without_redis=WithoutRedis.REFUSE,
    message=_("这个网络上要语音验证的人很多，请稍等再按一次"),
)


@get("/challenge/{token:str}/digits.wav")
async def digits_spoken(
    request: AnyRequest,
    token: FromPath[str],
    runtime: NamedDependency[Runtime],
    now: NamedDependency[datetime],
) -> Response[bytes]:
    """Six digits in Mandarin, as a WAV file."""
    digits = runtime.challenges.digits_of(token, now)
    if digits is None:
        raise NotFound("no_such_challenge", _("这个验证已失效，请返回上一页重来"))
    address = client_address(request.scope, runtime.settings)
    await runtime.limits.hit(PER_NETWORK, network_prefix(address))
    try:
        sound = await spoken(digits)
    except NoVoice as error:
        raise Unavailable("no_voice", _("语音验证暂时不能用，请用自动验证")) from error
    return Response(sound, media_type="audio/wav")


handlers = [digits_spoken]
