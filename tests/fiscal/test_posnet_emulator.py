"""The emulated printer: strict, durable, and like the recordings of a real one (protocol sections 3.12 to 3.16 and 9)."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm_desktop.fiscal.drivers.posnet.commands import COMMANDS
from crm_desktop.fiscal.drivers.posnet.emulator.arithmetic import percent_off, spread, tax
from crm_desktop.fiscal.drivers.posnet.emulator.emulated import EmulatedPosnet
from crm_desktop.fiscal.drivers.posnet.emulator.faults import ReplyFault
from crm_desktop.fiscal.drivers.posnet.emulator.store import Memory
from crm_desktop.fiscal.drivers.posnet.frames import Damaged, Deframer, Frame, encode
from crm_desktop.fiscal.rules.model import Deposit, Line, Pay, Payment, Receipt, receipt_of, sold
from crm_desktop.fiscal.rules.recovery import Finding
from tests.support.posnet import Till

Values = dict[str, str]


class Host:
    """Speaks to the device in plain fields and reads its replies as text."""

    def __init__(self, printer: EmulatedPosnet) -> None:
        self.link, self.deframer = printer.direct(), Deframer()

    def say(self, text: str, token: int | None = None) -> list[Frame]:
        """ "trinit bm0" → the frames that came back. Fields are divided by blanks, "_" is a blank."""
        mnemonic, *fields = text.split(" ")
        parts = [(part[:2], part[2:].replace("_", " ").encode("cp1250")) for part in fields]
        self.link.send(encode(mnemonic, parts, token))
        return self.heard()

    def heard(self) -> list[Frame]:
        """What has come."""
        found: list[Frame] = []
        while data := self.link.receive(0):
            for frame in self.deframer.feed(data):
                assert isinstance(frame, Frame)
                found.append(frame)
        return found

    def ask(self, text: str) -> Values:
        """The one reply's fields; it must not be a refusal."""
        (frame,) = self.say(text)
        assert frame.error is None, f"{text}: {frame.error}"
        return {name: value.decode("cp1250") for name, value in frame.fields}

    def refused(self, text: str) -> int:
        """The number of the refusal."""
        (frame,) = self.say(text)
        assert frame.error is not None, text
        return frame.error


@pytest.fixture
def printer(tmp_path: Path) -> Iterator[EmulatedPosnet]:
    with EmulatedPosnet(tmp_path) as emulated:
        yield emulated


@pytest.fixture
def host(printer: EmulatedPosnet) -> Host:
    return Host(printer)


def part(values: Values, *names: str) -> Values:
    """Some of the fields."""
    return {name: values[name] for name in names}


def test_recorded_cash_sale(host: Host) -> None:
    """The session of section 3.14 as recorded on a real printer: what moves, moves alike."""
    before = host.ask("scnt")
    assert part(host.ask("scomm"), "fs", "tz", "ts", "td") == {"fs": "T", "tz": "T", "ts": "0", "td": "N"}
    host.ask("trinit bm0")
    host.ask("trline naCandies vt1 pr999")
    assert part(host.ask("strns"), "to", "ts", "vb") == {"to": "1", "ts": "16", "vb": "999"}
    host.ask("trpayment ty0 wa999 naGotówka re0")
    host.ask("trend to999 fp999")
    after = host.ask("scnt")
    moved = {name: int(after[name]) - int(before[name]) for name in ("rd", "hn", "bn", "bc", "bt")}
    assert moved == {"rd": 0, "hn": 1, "bn": 1, "bc": 0, "bt": 1}
    assert part(host.ask("strns"), "to", "ts", "vb", "re", "fp", "fe") == {
        "to": "0",
        "ts": "16",
        "vb": "999",
        "re": "0",
        "fp": "999",
        "fe": "N",
    }


def test_recorded_card_with_change(host: Host) -> None:
    host.ask("trinit bm0")
    host.ask("trline naA vt1 pr200")
    host.ask("trpayment ty2 wa500 re0")
    host.ask("trpayment ty0 wa300 re1")
    host.ask("trend to200 re300 fp500")
    assert part(host.ask("strns"), "vb", "re", "fp") == {"vb": "200", "re": "300", "fp": "500"}


def test_recorded_surcharges_and_storno_without_its_discount(host: Host) -> None:
    """10,00 + 2,00 on the line + 1,00 on the subtotal = 13,00. A storno takes off exactly what it states."""
    host.ask("trinit bm0")
    host.ask("trline naA vt0 pr1000 rd0 rw200")
    host.ask("trdiscntsubtot rd0 rw100")
    host.ask("trend to1300")
    host.ask("trinit bm0")
    host.ask("trline naA vt0 pr300 il2 wa600 rd1 rw100")
    host.ask("trline naB vt0 pr400")
    host.ask("trline naA vt0 pr300 il2 wa600 st1")
    assert host.ask("strns")["va"] == "300"
    assert host.refused("trend to400") == 2805
    assert part(host.ask("strns"), "to", "va") == {"to": "1", "va": "300"}
    host.ask("prncancel")


def test_cancelled_receipt_takes_a_number_and_the_daily_report_resets(host: Host) -> None:
    for amount in (100, 200):
        host.ask("trinit bm1")
        host.ask(f"trline naA vt0 pr{amount}")
        host.ask(f"trend to{amount}")
    host.ask("trinit bm1")
    host.ask("trline naA vt0 pr300")
    host.ask("prncancel")
    assert part(host.ask("scnt"), "bn", "bc", "bt", "hn") == {"bn": "2", "bc": "1", "bt": "3", "hn": "3"}
    assert part(host.ask("stot"), "no", "pa", "pn", "cn", "ct") == {
        "no": "1",
        "pa": "300",
        "pn": "2",
        "cn": "1",
        "ct": "300",
    }
    host.ask("dailyrep")
    assert part(host.ask("scnt"), "rd", "bn", "bc", "bt", "hn") == {"rd": "1", "bn": "0", "bc": "0", "bt": "0", "hn": "4"}
    assert part(host.ask("stot"), "no", "pa", "ds", "de") == {
        "no": "2",
        "pa": "0",
        "ds": "2000-01-01;01:00",
        "de": "2000-01-01;01:00",
    }
    assert part(host.ask("fmrecrd no1"), "pa", "pn", "cn") == {"pa": "300", "pn": "2", "cn": "1"}
    host.ask("dailyrep")
    assert host.refused("dailyrep") == 382


def test_return_slip_counts_as_non_fiscal(host: Host, printer: EmulatedPosnet) -> None:
    host.ask("stocash kw500")
    host.ask("cash kw5000 wpT")
    assert host.ask("scashstate") == {"cs": "5000"}
    assert host.refused("cash kw5001 wpN") == 503
    assert host.ask("scashstate") == {"cs": "0"}
    assert part(host.ask("stot"), "nf", "pn") == {"nf": "2", "pn": "0"}
    assert host.ask("eclastdocnoget ty5") == {"di": "2"}
    assert host.ask("eclastdocnoget ty0") == {"di": "0"}
    assert "N I E F I S K A L N Y" in printer.ledger()[0].text


def test_free_text_print_of_the_paper(host: Host, printer: EmulatedPosnet) -> None:
    host.ask("formstart fn200 fh84 alPOTWIERDZENIE")
    host.ask("formline s1Zamowienie_ZS/2026/10/15 fn200 fl711")
    host.ask("formcmd fn200 cm1")
    host.ask("formend fn200")
    assert "Zamowienie ZS/2026/10/15" in printer.ledger()[0].text
    assert host.refused("formline s1x fn200 fl711") == 2506


REFUSALS: list[tuple[list[str], str, int]] = [
    ([], "trline naA vt0 pr1", 2005),
    ([], "trend", 2005),
    ([], "prncancel", 2064),
    (["trinit"], "trinit", 2038),
    (["trinit"], "stocash kw1", 2038),
    (["trinit"], "dailyrep", 2038),
    (["trinit"], "trend", 1992),
    (["trinit"], "trline naA vt7 pr1", 2000),
    (["trinit"], "trline naA vt5 pr1", 2000),
    (["trinit"], "trline na*** vt0 pr1", 2104),
    (["trinit"], "trline naA vt0 pr0", 2006),
    (["trinit"], "trline naA vt0 pr500000000000", 2006),
    (["trinit"], "trline naA vt0 pr1 il0", 2007),
    (["trinit"], "trline naA vt0 pr1 il0.1", 2009),
    (["trinit"], "trline naA vt0 pr100 il2 wa201", 2802),
    (["trinit"], "trline naA vt0 pr100 rw100", 1984),
    (["trinit"], "trline naA vt0 pr100 rp1000 rw11", 2801),
    (["trinit"], "trline naA vt0 pr100 rp10000", 2601),
    (["trinit"], "trline naA vt0 pr1 st1", 2852),
    (["trinit", "trline naA vt0 pr1"], "trline naA vt0 pr1 il2 st1", 2851),
    (["trinit"], "trdiscntbill rw1", 1991),
    (["trinit", "trline naA vt0 pr100"], "trdiscntbill rw100", 1984),
    (["trinit"], "trpack pr50 il1.5", 2001),
    (["trinit"], "trpack pr50 il2 wa99", 2803),
    (["trinit"], "trpack pr50 il2 st1", 2853),
    (["trinit"], "trpayment ty1 wa1", 2705),
    (["trinit"], "trpayment ty0 wa0", 1962),
    (["trinit", "trline naA vt0 pr100", "trpack pr50"], "trend op0", 2806),
    (["trinit", "trline naA vt0 pr100"], "trend om1", 2807),
    (["trinit", "trline naA vt0 pr100", "trpayment ty0 wa100"], "trend fp99", 2808),
    (["trinit", "trline naA vt0 pr100", "trpayment ty0 wa150"], "trend re49", 2809),
    (["trinit", "trline naA vt0 pr100", "trpayment ty0 wa99"], "trend", 2054),
    ([], "fmrecrd no1", 384),
    ([], "formend fn200", 2506),
    (["formstart fn200"], "formline s1Paragon_Fiskalny fn200 fl711", 2057),
]


@pytest.mark.parametrize(("first", "command", "number"), REFUSALS, ids=[f"{row[2]}-{row[1]}" for row in REFUSALS])
def test_refusals_have_the_documented_number(host: Host, first: list[str], command: str, number: int) -> None:
    """FIS-01: error codes, one row each; nothing refused changes anything."""
    for said in first:
        host.ask(said)
    before = host.ask("strns")
    assert host.refused(command) == number
    assert host.ask("strns") == before


FRAME_ERRORS: list[tuple[bytes, int, dict[str, bytes]]] = [
    (encode("nonsense"), 1, {"cm": b"nonsense"}),
    (encode("trline", [("na", b"A"), ("vt", b"0")]), 2, {"cm": b"trline", "fd": b"pr"}),
    (encode("trline", [("na", b"A"), ("vt", b"x"), ("pr", b"1")]), 3, {"cm": b"trline", "fd": b"vt"}),
    (encode("scomm")[:-3] + b"00\x03", 5, {}),
    (encode("trinit", [("zz", b"1")]), 6, {"cm": b"trinit", "fd": b"zz"}),
    (encode("trline", [("na", b"A" * 81)]), 10, {"cm": b"trline", "fd": b"na"}),
    (encode("!trinit"), 12, {"cm": b"trinit"}),
    (b"\x02scomm\t\x03", 15, {}),
]


@pytest.mark.parametrize(("data", "number", "fields"), FRAME_ERRORS, ids=[str(row[1]) for row in FRAME_ERRORS])
def test_frame_errors(host: Host, data: bytes, number: int, fields: dict[str, bytes]) -> None:
    """FIS-01: ERR with command and field."""
    host.link.send(data)
    (frame,) = host.heard()
    assert (frame.mnemonic, frame.error, dict(frame.fields)) == ("ERR", number, fields)


def test_token_comes_back_and_rpt_repeats_the_last_32(host: Host) -> None:
    """Section 3.4: the store is lost at a power cut, the number of the failure is written er13."""
    (reply,) = host.say("scnt", 1000)
    assert reply.token == 1000
    assert host.say("rpt", 1000) == [reply]
    for token in range(1, 32):
        host.say("scomm", token)
    assert host.say("rpt", 1000) == [reply]
    host.say("scomm", 32)
    (gone,) = host.say("rpt", 1000)
    assert (gone.mnemonic, gone.token, gone.error, gone.value("cm")) == ("ERR", 1000, 13, b"rpt")


@pytest.mark.parametrize("error_tab", [True, False])
def test_both_forms_of_refusal(tmp_path: Path, error_tab: bool) -> None:
    with EmulatedPosnet(tmp_path, error_tab=error_tab) as printer:
        link = printer.direct()
        link.send(encode("trend"))
        data = link.receive(0)
        assert data.startswith(b"\x02trend\t?2005\t#" if error_tab else b"\x02trend\t?2005#")


def test_immediate_commands_are_answered_during_a_blocked_print(host: Host, printer: EmulatedPosnet) -> None:
    """Section 3.5: synchronous ones wait in their order, `!` ones do not."""
    host.ask("trinit bm1")
    host.ask("trline naA vt0 pr100")
    printer.faults.paper_left = 3
    assert host.say("trend to100") == []
    assert host.say("scomm") == []
    assert part(host.ask("!sdev"), "ds", "qe", "tl") == {"ds": "3", "qe": "N", "tl": "1"}
    assert host.ask("!sprn") == {"pr": "5"}
    assert not printer.receipts()
    printer.load_paper()
    assert [frame.mnemonic for frame in host.heard()] == ["trend", "scomm"]
    assert len(printer.receipts()) == 1
    assert part(host.ask("!sdev"), "ds", "qe", "tl") == {"ds": "0", "qe": "T", "tl": "0"}


def test_durable_and_volatile(tmp_path: Path) -> None:
    """Section 9: a restart keeps counters, totals, documents and the last receipt's figures; an open receipt is cancelled."""
    with EmulatedPosnet(tmp_path) as printer:
        host = Host(printer)
        for said in ("trinit bm1", "trline naA vt0 pr100", "trend to100", "trinit bm1", "trline naB vt1 pr7"):
            host.ask(said)
        first = printer.ledger()
    with EmulatedPosnet(tmp_path) as printer:
        assert printer.ledger()[:-1] == first
        assert printer.ledger()[-1].kind == "cancelled"
        assert part(Host(printer).ask("scnt"), "bn", "bc", "bt") == {"bn": "1", "bc": "1", "bt": "2"}


def test_open_receipt_that_survives(tmp_path: Path) -> None:
    with EmulatedPosnet(tmp_path, keep_open=True) as printer:
        host = Host(printer)
        for said in ("trinit bm0", "trline naA vt0 pr100"):
            host.ask(said)
        printer.power_cut()
        host = Host(printer)
        assert part(host.ask("strns"), "to", "ts", "va") == {"to": "1", "ts": "16", "va": "100"}
        host.ask("trend to100")
        printer.memory_reset()
        assert part(Host(printer).ask("strns"), "ts", "va") == {"ts": "0", "va": "0"}
        assert Host(printer).ask("sfsk")["cl"] == "1"


def test_rate_guard(host: Host) -> None:
    """Section 3.12: sold at 23, then at 8: from then on 8 or less. Raising is free while the name was never lowered."""

    def sell(name: str, letter: int) -> int | None:
        host.ask("trinit bm1")
        (frame,) = host.say(f"trline na{name} vt{letter} pr100")
        host.ask("prncancel")
        return frame.error

    assert [sell("Bułka", letter) for letter in (0, 1, 1, 0, 2, 1, 4, 3)] == [None, None, None, 2106, None, 2106, None, 2106]
    assert [sell("Masło", letter) for letter in (1, 0, 0, 1, 0)] == [None, None, None, None, 2106]
    assert sell("BUŁKA_!", 0) == 2106


def test_rates_are_set_only_with_zero_totals(host: Host) -> None:
    host.ask("vatset va23 vb8 vc5 vd0 ve100 vf101 vg101")
    host.ask("trinit bm1")
    host.ask("trline naA vt0 pr100")
    host.ask("trend to100")
    assert host.refused("vatset va22") == 2035
    host.ask("dailyrep")
    host.ask("vatset va22")
    assert part(host.ask("vatget"), "va", "vb") == {"va": "22,00", "vb": "101,00"}
    host.ask("vatset")
    assert host.refused("trinit") == 2004


def test_published_arithmetic() -> None:
    """Section 3.12: the maker's printed samples."""
    assert 1350 - percent_off(1350, 1500, 0) == 1148
    assert 1350 - percent_off(1350, 1500, 1) == 1147
    assert spread([1000, 2500, 0, 0, 0, 0, 0], -525)[:2] == [850, 2125]
    assert tax(1000, 2300) == 187


@given(st.lists(st.integers(0, 10**6), min_size=7, max_size=7).filter(any), st.integers(-(10**6), 10**6))
def test_spreading_an_amount_loses_no_grosz(sums: list[int], change: int) -> None:
    """Section 3.12: the letters' sums change by exactly the amount, and an empty letter stays empty."""
    if sum(sums) + change <= 0:
        return
    spread_out = spread(sums, change)
    assert sum(spread_out) == sum(sums) + change
    assert all(after == 0 for before, after in zip(sums, spread_out, strict=True) if before == 0)


def test_second_interface(host: Host, printer: EmulatedPosnet) -> None:
    printer.faults.busy_interface = True
    assert host.refused("trinit") == 41
    assert host.ask("!sdev")["tl"] == "2"


def test_a_delayed_reply_comes_late(host: Host, printer: EmulatedPosnet) -> None:
    printer.faults.reply_faults.append(ReplyFault("scomm", "delay", 3.0))
    assert host.say("scomm") == []
    assert host.link.receive(2.9) == b""
    (frame,) = host.deframer.feed(host.link.receive(0.2))
    assert not isinstance(frame, Damaged)
    assert frame.mnemonic == "scomm"


money = st.integers(1, 100_000)
receipt_lines = st.lists(
    st.tuples(
        st.sampled_from(["Chleb", "Ser żółty", "Masło #2", "Woda 1,5 l"]),
        st.integers(0, 4),
        money,
        st.decimals("0.001", 99, places=3),
        st.integers(0, 99),
        st.sampled_from(["", "szt", "kg"]),
    ),
    min_size=1,
    max_size=6,
)


def lines_of(drawn: list[tuple[Any, ...]]) -> list[Line]:
    """Lines whose names carry their letter, so that the rate guard has nothing against them."""
    made = []
    for name, letter, price, quantity, share, unit in drawn:
        full = sold(f"{name} {'ABCDE'[letter]}", "ABCDE"[letter], price, quantity, unit=unit)
        discount = full.value * share // 100
        made.append(sold(full.name, full.letter, price, quantity, unit=unit, discount=discount))
    return [line for line in made if line.total > 0]


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    receipt_lines,
    st.lists(st.sampled_from(list(Pay)), min_size=0, max_size=2),
    st.integers(0, 3000),
    st.integers(0, 3),
)
def test_driver_and_device_reckon_alike(
    printer: EmulatedPosnet, drawn: list[tuple[Any, ...]], kinds: list[Pay], extra: int, packs: int
) -> None:
    """FIS-04: random receipts: what we computed is what a device with arithmetic of its own prints, to the grosz."""
    lines = lines_of(drawn)
    if not lines:
        return
    receipt = payable(lines, kinds, extra, [Deposit(50, number + 1) for number in range(packs)])
    before = printer.store.memory.documents
    verdict = Till(printer).print_once(receipt)
    assert verdict.finding is Finding.PRINTED, verdict.problem
    (document,) = printer.receipts(before)
    assert tuple(document.totals) == receipt.totals
    assert (document.paid, document.change) == (receipt.paid, receipt.change)
    assert [line["value"] for line in document.lines] == [line.value for line in lines]
    assert sum(pack["value"] for pack in document.packs) == receipt.charged
    assert f"SUMA PLN{receipt.fiscal // 100},{receipt.fiscal % 100:02}" in document.text.replace(" ", "").replace("SUMAPLN", "SUMA PLN")


def payable(lines: list[Line], kinds: list[Pay], extra: int, packs: list[Deposit]) -> Receipt:
    """Paid by those kinds and the rest, with something to give back, in cash."""
    due = receipt_of("J", lines, [], deposits=packs).due
    shares = [Payment(kind, due // 3) for kind in kinds if due >= 3]
    rest = Payment(Pay.CASH, due - sum(share.amount for share in shares) + extra)
    return receipt_of("J", lines, [*shares, rest], deposits=packs)


def test_every_declared_command_has_a_use(host: Host) -> None:
    """The driver's table and the device's agree on names: none is unknown there."""
    for mnemonic in COMMANDS:
        frames = host.say(mnemonic)
        assert all(frame.error != 1 for frame in frames), mnemonic


def test_memory_of_a_new_device(tmp_path: Path) -> None:
    with EmulatedPosnet(tmp_path, memory=Memory(unique="ZBF 7", rates=[2300, *[10_100] * 6])) as printer:
        assert Host(printer).ask("getrealid")["nu"] == "ZBF 7"
        assert Host(printer).ask("vatget")["vb"] == "101,00"
        with pytest.raises(ValueError, match="no such memory"):
            printer.set_memory(colour="red")
