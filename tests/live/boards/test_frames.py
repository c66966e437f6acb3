from live.boards.frames import decode_snapshot, encode, frame
from live.boards.rules import Audience, next_snapshot
from live.stage.rules.show import Show, screen_state
from tests.live.board_snapshots import board_input


def test_snapshot_survives_being_bytes() -> None:
    board = next_snapshot(None, board_input(12, 7), Audience.PUBLIC, frozen=False)
    assert decode_snapshot(encode(board)) == board


def test_etag_is_of_the_content_and_not_of_the_version() -> None:
    assert frame(1, b"a").etag == frame(2, b"a").etag != frame(1, b"b").etag
    assert frame(1, b"a").etag.startswith('"')


def test_messages_of_one_socket_can_be_told_apart() -> None:
    board = next_snapshot(None, board_input(1), Audience.PUBLIC, frozen=False)
    show = screen_state(Show(), "十佳", provisional=True)
    assert (b'"kind":"board"' in encode(board), b'"kind":"show"' in encode(show)) == (True, True)
