"""Conversations over links: what is yielded is done, what fails arrives where the conversation waits (FIS-01)."""

import pytest

from crm_desktop.devices.exchange import Conversation, Drain, Now, Receive, Send, converse
from crm_desktop.devices.link import LinkLost
from crm_desktop.devices.memory import memory_pair
from crm_desktop.devices.transcript import RecordedLink, Transcript, readable


def greet() -> Conversation[bytes]:
    """Says hello, returns what came within a second."""
    yield Drain()
    yield Send(b"hello")
    answer: bytes = yield Receive(1.0)
    return answer


def test_a_conversation_is_driven_to_its_result() -> None:
    near, far = memory_pair()
    far.send(b"stale")

    def answering() -> Conversation[tuple[bytes, bytes]]:
        stale = yield Drain()
        yield Send(b"hello")
        assert far.receive(0) == b"hello"
        far.send(b"world")
        return stale, (yield Receive(1.0))

    assert converse(answering(), near) == (b"stale", b"world")


def test_time_passes_by_the_given_clock() -> None:
    near, _far = memory_pair()
    ticks = iter([1.0, 2.5])

    def timed() -> Conversation[float]:
        begun = yield Now()
        return (yield Now()) - begun

    assert converse(timed(), near, clock=lambda: next(ticks)) == 1.5


def test_silence_is_an_empty_answer() -> None:
    near, _far = memory_pair()

    def listening() -> Conversation[bytes]:
        heard: bytes = yield Receive(0.0)
        return heard

    assert converse(listening(), near) == b""


def test_a_lost_link_arrives_inside_and_can_become_a_result() -> None:
    near, far = memory_pair()
    far.close()

    def careful() -> Conversation[str]:
        try:
            yield Send(b"hello")
        except LinkLost:
            return "lost"
        return "sent"

    assert converse(careful(), near) == "lost"
    with pytest.raises(LinkLost):
        converse(greet(), near)


def test_other_items_go_to_the_listener_and_its_answer_comes_back() -> None:
    near, _far = memory_pair()
    told: list[object] = []

    def asking() -> Conversation[object]:
        return (yield "how many?")

    def listener(item: object) -> object:
        told.append(item)
        return 42

    assert converse(asking(), near, listener) == 42
    assert told == ["how many?"]


def test_a_refusing_listener_stops_the_conversation() -> None:
    """FIS-08: nothing is sent after the refusal, cleaning up is done, the exception reaches the caller unchanged."""
    near, far = memory_pair()
    cleaned = []

    def story() -> Conversation[None]:
        try:
            yield "may I?"
            yield Send(b"closing")
        finally:
            cleaned.append(True)

    refusal = PermissionError("no lease")

    def listener(_item: object) -> object:
        raise refusal

    with pytest.raises(PermissionError) as caught:
        converse(story(), near, listener)
    assert caught.value is refusal
    assert cleaned == [True]
    assert far.receive(0) == b""


def test_a_conversation_that_tells_needs_a_listener() -> None:
    near, _far = memory_pair()

    def telling() -> Conversation[None]:
        yield "something"

    with pytest.raises(TypeError, match="nobody listens"):
        converse(telling(), near)


def test_memory_link_delivers_what_was_sent_before_the_close() -> None:
    near, far = memory_pair()
    near.send(b"last words")
    near.close()
    assert far.receive(0) == b"last words"
    with pytest.raises(LinkLost):
        far.receive(0)
    with pytest.raises(LinkLost):
        near.receive(0)
    with pytest.raises(LinkLost):
        far.send(b"too late")


def test_transcript_shows_both_ways_with_times() -> None:
    near, far = memory_pair()
    ticks = iter([10.0, 10.5, 10.7, 11.0, 12.0, 13.0])
    link = RecordedLink(near, Transcript(lambda: next(ticks)))
    link.send(b"\x02scomm\t#C42B\x03")
    far.send(b"\x02sco")
    assert link.receive(0) == b"\x02sco"
    far.send(b"mm\t\xb3\x03")
    link.receive(0)
    assert link.receive(0) == b""
    far.close()
    with pytest.raises(LinkLost):
        link.receive(0)
    with pytest.raises(LinkLost):
        link.send(b"\x02x")
    assert link.transcript.dump().splitlines() == [
        "    0.000 → <STX>scomm<TAB>#C42B<ETX>",
        "    0.500 ← <STX>scomm<TAB>ł<ETX>",
        "    1.000 · link lost: the other end is closed",
        "    2.000 → <STX>x",
        "    3.000 · link lost: the other end is closed",
    ]
    link.close()


def test_unreadable_bytes_are_shown_by_number() -> None:
    assert readable(b"a\x06\x81\xa0\x01") == "a<ACK><81><A0><01>"
