"""What a browser sends as cookies."""

_LONGEST_VALUE = 512


def read_cookies(sent: str) -> dict[str, str]:
    """What a browser sent, by name; of several with one name the first, as RFC 6265 puts the
    most specific there. What is longer than anything that we set is as good as absent."""
    pairs = [one.partition("=") for one in sent.split(";")]
    return {
        name.strip(): value.strip()
        for name, equals, value in reversed(pairs)
        if equals and len(value) <= _LONGEST_VALUE
    }
