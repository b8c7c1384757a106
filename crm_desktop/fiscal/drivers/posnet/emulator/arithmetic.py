"""The device's arithmetic in plain integers (protocol 3.12): grosze, hundred-millionths of a unit, hundredths of 1 %."""

UNIT = 10**8
EXEMPT, INACTIVE = 10_000, 10_100


def half_up(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator, a tie up; neither is negative."""
    return (2 * numerator + denominator) // (2 * denominator)


def worth(price: int, quantity: int) -> int:
    """price × quantity in grosze."""
    return half_up(price * quantity, UNIT)


def percent_off(value: int, rate: int, discount_type: int) -> int:
    """What a percentage takes off: type 0 rounds what remains, type 1 what goes."""
    if discount_type == 0:
        return value - half_up(value * (10_000 - rate), 10_000)
    return half_up(value * rate, 10_000)


def spread(sums: list[int], change: int) -> list[int]:
    """Sums per letter after an amount over all of them (negative: a discount)."""
    whole = sum(sums)
    target = whole + change
    carried, result = 0, []
    for part in sums:
        share, rest = divmod(part * target, whole)
        carried += rest
        if carried >= whole:
            share, carried = share + 1, carried - whole
        result.append(share)
    return result


def tax(gross: int, rate: int) -> int:
    """VAT in a gross amount; exempt has none."""
    return 0 if rate in (EXEMPT, INACTIVE) else half_up(gross * rate, 10_000 + rate)


def money(grosze: int) -> str:
    """12,34 as on paper."""
    return f"{'-' if grosze < 0 else ''}{abs(grosze) // 100},{abs(grosze) % 100:02}"


def amount(quantity: int) -> str:
    """1,5 as on paper."""
    whole, part = divmod(quantity, UNIT)
    return f"{whole},{part:08}".rstrip("0").rstrip(",")


def percent(rate: int) -> str:
    """23,00 as in replies."""
    return f"{rate // 100},{rate % 100:02}"
