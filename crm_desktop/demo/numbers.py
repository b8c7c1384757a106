"""Numbers that carry a check of their own, and keys, from a fixed seed: the same company comes out of every run."""

import random
from datetime import datetime
from uuid import UUID

_NIP_WEIGHTS = (6, 5, 7, 2, 3, 4, 5, 6, 7)


class Numbers:
    """Unique within one company."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._nips: set[str] = set()
        self._codes: set[str] = set()

    def nip(self) -> str:
        """A NIP with its check digit; the second and third digit are never both 0 (FA(3) TNrNIP)."""
        while True:
            body = [self._chance.randint(1, 9) for _ in range(3)] + [self._chance.randint(0, 9) for _ in range(6)]
            check = sum(weight * digit for weight, digit in zip(_NIP_WEIGHTS, body, strict=True)) % 11
            number = "".join(map(str, body)) + str(check)
            if check < 10 and number not in self._nips:
                self._nips.add(number)
                return number

    def barcode(self) -> str:
        """An EAN-13 with its check digit (GS1 General Specifications 7.9), in the Polish range 590."""
        while True:
            body = "590" + "".join(str(self._chance.randint(0, 9)) for _ in range(9))
            total = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(body))
            code = body + str(-total % 10)
            if code not in self._codes:
                self._codes.add(code)
                return code

    def key(self, when: datetime) -> UUID:
        """A UUID version 7 as a client would have made it at that moment."""
        stamp = int(when.timestamp()) * 1000 + self._chance.randrange(1000)
        noise = self._chance.getrandbits(74)
        value = (stamp << 80) | (0x7 << 76) | ((noise >> 62) << 64) | (0b10 << 62) | (noise & ((1 << 62) - 1))
        return UUID(int=value)
