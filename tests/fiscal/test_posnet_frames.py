"""POSNET frames byte by byte: check sums and published dialogues of the protocol paper (FIS-02)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm_desktop.fiscal.drivers.posnet.emulator.grammar import COMMANDS as DEVICE_COMMANDS
from crm_desktop.fiscal.drivers.posnet.emulator.grammar import Order, Parser, crc
from crm_desktop.fiscal.drivers.posnet.frames import Damaged, Deframer, Frame, check_sum, decode, encode

VECTORS = """
123456789 31C3
trinit→bm0→ 4825
ERR→?5→ 7F84
rtcset→da2016-09-22,12:05→ 8534
trline→naChleb→vt1→pr200→ B23A
scomm→ C42B
scnt→ E484
strns→ FCA8
sfsk→ 4ABE
stot→ 993E
!sdev→ 5392
!sprn→ CEED
vatget→ 86AC
rtcget→ 7D61
getrealid→ 69AE
prncancel→ 6B3B
opendrwr→ 5836
trinit→bm1→ 7B14
cash→kw5000→wpT→ D646
dailyrep→da2026-10-09→ 8F3C
eclastdocnoget→ty0→ 2BC6
trnipset→ni5222628262→ 357F
trpack→na1→pr50→il2→wa100→ 2D5F
ERR→?2→cmtrline→fdpr→ C1C4
ERR→@1004→er13→cmrpt→ 042E
ERR→@1004→?13→cmrpt→ 1829
trline→?2006 AB10
trline→?2006→ 85A8
trline→naJogurt→vt2→pr300→il2→wa600→rd1→rnKlient→rw100→ 67EA
trline→naJogurt→vt2→pr300→il2→wa600→rd1→rnKlient→rw100→st1→ 15E3
trdiscntsubtot→naRabat→rd1→rw100→ 2416
trdiscntbill→naPromocja→rd1→rp1500→ 853D
trend→to999→fp999→@1004→ 9FF3
rpt→@1004→ 43E6
trend→@1004→ 44F2
test→ A5FB
test→@1234→ B823
""".strip().splitlines()


@pytest.mark.parametrize("vector", VECTORS)
def test_check_sums_of_the_paper(vector: str) -> None:
    """FIS-02: CRC-16 with initial value 0000; the emulator's own bit-by-bit sum agrees."""
    text, _, expected = vector.rpartition(" ")
    payload = text.replace("→", "\t").encode("ascii")
    assert check_sum(payload) == expected.encode()
    assert f"{crc(payload):04X}" == expected


@pytest.mark.parametrize(
    ("content", "frame"),
    [
        (b"trinit\t#911D", Frame("trinit")),
        (b"trline\t?2006#AB10", Frame("trline", error=2006)),
        (b"trline\t?2006\t#85A8", Frame("trline", error=2006)),
        (b"ERR\t?2\tcmtrline\tfdpr\t#C1C4", Frame("ERR", (("cm", b"trline"), ("fd", b"pr")), error=2)),
        (b"ERR\t@1004\ter13\tcmrpt\t#042E", Frame("ERR", (("cm", b"rpt"),), 1004, 13)),
        (b"ERR\t@1004\t?13\tcmrpt\t#1829", Frame("ERR", (("cm", b"rpt"),), 1004, 13)),
        (b"trend\t@1004\t#44f2", Frame("trend", token=1004)),
    ],
)
def test_replies_of_the_paper(content: bytes, frame: Frame) -> None:
    """FIS-02: both forms of refusal, both tags of a failed rpt, a lower-case check sum."""
    assert decode(content) == frame


def test_number_sign_inside_a_value() -> None:
    """The check sum is found from the end, since '#' is legal in a name."""
    data = encode("trline", [("na", b"Zeszyt #1234"), ("vt", b"0")])
    assert decode(data[1:-1]) == Frame("trline", (("na", b"Zeszyt #1234"), ("vt", b"0")))


@pytest.mark.parametrize("value", [b"\x02", b"a\x03", b"a\tb"])
def test_a_value_that_would_break_the_frame_is_refused(value: bytes) -> None:
    with pytest.raises(ValueError, match="cannot be sent"):
        encode("trline", [("na", value)])


@pytest.mark.parametrize("content", [b"", b"#", b"scomm\t", b"scomm\t#0000", b"scomm\tC42B", b"scomm\t#C42", b"\t#1021"])
def test_damaged_frames(content: bytes) -> None:
    assert isinstance(decode(content), Damaged)


def test_endless_frame_is_given_up() -> None:
    """Noise that looks like a beginning must not grow in memory."""
    deframer = Deframer()
    found = deframer.feed(b"\x02" + b"x" * 70_000)
    assert [type(item) for item in found] == [Damaged]
    assert deframer.feed(encode("scomm")) == [Frame("scomm")]


values = st.binary(max_size=12).map(lambda data: bytes(byte for byte in data if byte not in (2, 3, 9)))
frames = st.tuples(
    st.sampled_from(sorted(DEVICE_COMMANDS)),
    st.lists(st.tuples(st.sampled_from(["na", "vt", "pr", "wa", "x1"]), values), max_size=5),
    st.none() | st.integers(1, 9999),
)
noise = st.binary(max_size=8).map(lambda data: data.replace(b"\x02", b""))


@given(sent=st.lists(st.tuples(noise, frames), max_size=5), cuts=st.lists(st.integers(0, 400), max_size=8), data=st.data())
def test_frames_survive_any_chunking_and_garbage(
    sent: list[tuple[bytes, tuple[str, list[tuple[str, bytes]], int | None]]], cuts: list[int], data: st.DataObject
) -> None:
    """FIS-02: the same frames come out however the bytes are cut, with noise between and cut-off beginnings before."""
    stream, expected = b"", []
    for garbage, (mnemonic, fields, token) in sent:
        whole = encode(mnemonic, fields, token)
        beginning = whole[: data.draw(st.integers(0, len(whole) - 1))] if data.draw(st.booleans()) else b""
        stream += garbage + beginning + whole
        expected.append(Frame(mnemonic, tuple(fields), token))
    deframer, found = Deframer(), []
    places = sorted({0, len(stream), *(min(cut, len(stream)) for cut in cuts)})
    for start, end in zip(places, places[1:], strict=False):
        found += deframer.feed(stream[start:end])
    assert found == expected


@given(st.binary(max_size=300))
def test_no_bytes_upset_either_side(data: bytes) -> None:
    """Whatever comes, both parsers stay usable: the next good frame is understood."""
    deframer, parser = Deframer(), Parser()
    deframer.feed(data)
    parser.feed(data)
    good = encode("scomm", token=7)
    assert deframer.feed(good) == [Frame("scomm", token=7)]
    assert parser.feed(good) == [Order("scomm", {}, b"@0007")]


@given(st.binary(max_size=60).map(lambda data: bytes(byte for byte in data if byte not in (2, 3, 9))))
def test_one_wrong_byte_is_found(value: bytes) -> None:
    """A single damaged byte never gives another frame."""
    whole = encode("trline", [("na", value)], 12)[1:-1]
    for place in range(len(whole)):
        damaged = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert decode(damaged) != decode(whole)
        assert isinstance(decode(damaged), Damaged) or place >= len(whole) - 5
