"""The declarations of POSNET commands, walked as a table, and the published frames of whole dialogues (FIS-02)."""

from decimal import Decimal
from typing import Any

import pytest

from crm_desktop.fiscal.drivers.posnet.commands import COMMANDS, Command, Field, Kind
from crm_desktop.fiscal.drivers.posnet.emulator.grammar import COMMANDS as DEVICE_COMMANDS
from crm_desktop.fiscal.drivers.posnet.emulator.grammar import Order, Parser
from crm_desktop.fiscal.drivers.posnet.frames import Frame
from crm_desktop.fiscal.drivers.posnet.sale import closing_values, opening_commands
from crm_desktop.fiscal.rules.model import Deposit, Pay, Payment, receipt_of, sold

SAMPLES: dict[Kind, tuple[Any, bytes]] = {
    Kind.AMOUNT: (3, b"3"),
    Kind.WHOLE: (2, b"2"),
    Kind.NUMBER: (Decimal("0.250"), b"0.25"),
    Kind.TEXT: ("ąż#", b"\xb9\xbf#"),
    Kind.FLAG: (True, b"1"),
    Kind.DATE: ("2026-10-09", b"2026-10-09"),
    Kind.MOMENT: ("2016-09-22,12:05", b"2016-09-22,12:05"),
}
WRONG: dict[Kind, list[Any]] = {
    Kind.AMOUNT: [-1, Decimal(1), 1.0, True, "1"],
    Kind.WHOLE: [-1, True, None.__class__],
    Kind.NUMBER: [1, 0.5, Decimal(-1), Decimal("NaN"), Decimal("Infinity")],
    Kind.TEXT: [b"a", "a\x02", "a\tb", "a\x7f", "🙂"],
    Kind.FLAG: [1, "T"],
    Kind.DATE: ["9.10.2026", "2026-1-1", 20261009],
    Kind.MOMENT: ["2016-09-22", ""],
}
ALL_FIELDS = [(command, field) for command in COMMANDS.values() for field in command.fields]


def full(command: Command) -> dict[str, Any]:
    """Every field of a command with a value that fits."""
    return {field.name: SAMPLES[field.kind][0] for field in command.fields}


def sized(kind: Kind, size: int) -> Any:
    """A text of that length, or that number."""
    if kind is Kind.TEXT:
        return "a" * size
    return Decimal(size) if kind is Kind.NUMBER else size


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_every_command_is_understood_by_the_device(command: Command) -> None:
    """FIS-02: what the declaration encodes, the emulator's own grammar accepts, field by field."""
    assert command.mnemonic.removeprefix("!") in DEVICE_COMMANDS
    (order,) = Parser().feed(command.encode(full(command), 17))
    assert isinstance(order, Order), order
    assert order.immediate == command.immediate
    assert order.token == b"@0017"
    assert set(order.values) == {field.name for field in command.fields}


@pytest.mark.parametrize("command", COMMANDS.values(), ids=list(COMMANDS))
def test_every_command_refuses_missing_and_unknown_fields(command: Command) -> None:
    for field in command.fields:
        if field.required:
            with pytest.raises(ValueError, match="missing"):
                command.encode({name: value for name, value in full(command).items() if name != field.name})
    with pytest.raises(ValueError, match="unknown"):
        command.encode({**full(command), "zz": 1})


@pytest.mark.parametrize(("command", "field"), ALL_FIELDS, ids=[f"{c.mnemonic}.{f.name}" for c, f in ALL_FIELDS])
def test_every_field_is_written_in_its_form_and_limited(command: Command, field: Field) -> None:
    """FIS-02: wire form per type; wrong types, control characters and values out of range do not leave."""
    value, written = SAMPLES[field.kind]
    values = {**full(command), field.name: value}
    assert b"\t" + field.name.encode() + written + b"\t" in command.encode(values)
    too_much: list[Any] = list(WRONG[field.kind])
    if field.most:
        too_much.append(sized(field.kind, field.most + 1))
        command.encode({**values, field.name: sized(field.kind, field.most)})
    for wrong in too_much:
        with pytest.raises(ValueError, match="does not fit|can't encode|character maps"):
            command.encode({**values, field.name: wrong})


def test_reply_values_have_their_types() -> None:
    frame = Frame("sfsk", (("fs", b"T"), ("cl", b"0"), ("va", b"23,00"), ("nu", b"ZBF 2101002392")))
    assert COMMANDS["sfsk"].read(frame) == {"fs": True, "cl": 0, "va": Decimal("23.00"), "nu": "ZBF 2101002392"}
    for wrong in (("cl", b"x"), ("fs", b"?"), ("va", b"a,b")):
        with pytest.raises(ValueError, match="is no|invalid literal"):
            COMMANDS["sfsk"].read(Frame("sfsk", (wrong,)))


PUBLISHED = [
    ("trinit", {"bm": False}, None, "trinit→bm0→#4825"),
    ("trline", {"na": "Candies", "vt": 1, "pr": 999}, None, "trline→naCandies→vt1→pr999→#5E2D"),
    (
        "trpayment",
        {"ty": 0, "wa": 999, "na": "Gotówka", "re": False},
        None,
        "trpayment→ty0→wa999→naGotówka→re0→#25D8",
    ),
    ("trend", {"to": 999, "fp": 999}, None, "trend→to999→fp999→#D595"),
    ("eclastdocnoget", {"ty": 0}, None, "eclastdocnoget→ty0→#2BC6"),
    (
        "trline",
        {"na": "Żółty ser", "vt": 2, "pr": 2599, "wa": 650, "il": Decimal("0.25"), "jm": "kg"},
        None,
        "trline→naŻółty ser→vt2→pr2599→wa650→il0.25→jmkg→#36B2",
    ),
    ("trend", {"to": 999, "fp": 999}, 1004, "trend→to999→fp999→@1004→#9FF3"),
    ("rpt", {}, 1004, "rpt→@1004→#43E6"),
    ("trdiscntsubtot", {"na": "Rabat", "rd": True, "rw": 100}, None, "trdiscntsubtot→naRabat→rd1→rw100→#2416"),
    ("trdiscntbill", {"na": "Promocja", "rd": True, "rp": 1500}, None, "trdiscntbill→naPromocja→rd1→rp1500→#853D"),
]


@pytest.mark.parametrize(("mnemonic", "values", "token", "text"), PUBLISHED, ids=[row[3] for row in PUBLISHED])
def test_published_frames(mnemonic: str, values: dict[str, Any], token: int | None, text: str) -> None:
    """FIS-02: frames of the paper's sessions, byte for byte."""
    expected = b"\x02" + text.replace("→", "\t").encode("cp1250") + b"\x03"
    assert COMMANDS[mnemonic].encode(values, token) == expected


def test_published_session_with_nip_deposit_and_card() -> None:
    """FIS-02, FIS-04: our receipt gives the paper's session; we add the system number, the deposit's direction (ne)."""
    receipt = receipt_of(
        "X",
        [sold("Piwo", "A", 500, 2, unit="szt")],
        [Payment(Pay.CARD, 1100, "Karta")],
        deposits=[Deposit(50, 2)],
        buyer_nip="5222628262",
    )
    sent = [*opening_commands(receipt), ("trend", closing_values(receipt))]
    frames = [COMMANDS[name].encode(values, 2000 + number) for number, (name, values) in enumerate(sent)]
    shown = [frame[1:-1].decode("cp1250").replace("\t", "→") for frame in frames]
    assert shown[1:4] == [
        "trinit→bm1→@2001→#67DE",
        "trnipset→ni5222628262→dw1→@2002→#B31A",
        "trline→naPiwo→vt0→pr500→il2→wa1000→jmszt→@2003→#D3ED",
    ]
    assert shown[0].startswith("ftrcfg→snX→@2000→")
    assert shown[4].startswith("trpack→pr50→il2→wa100→ne0→@2004→")
    assert shown[5:] == [
        "trpayment→ty2→wa1100→naKarta→re0→@2005→#51A7",
        "trend→to1000→op100→om0→fp1100→re0→@2006→#8DF8",
    ]
