"""How far two spellings are apart, in letters. Pure."""

from __future__ import annotations


def allowed(letters: int) -> int:
    """How many letters may be wrong in a name so long: none, one or two."""
    return 0 if letters < 4 else 1 if letters < 6 else 2


def distance(one: str, other: str, limit: int) -> int:
    """Letters to put in, take out, change, or swap with their neighbour; `limit + 1` where it is more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        before, above, row = row, before, [i]
        for j, against in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, above[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def is_close(typed: str, meant: str) -> bool:
    """Whether `typed` may be `meant`, misspelled."""
    limit = allowed(len(typed))
    return distance(typed, meant, limit) <= limit


def one_letter_off(name: str) -> list[str]:
    """LIKE patterns of what is one letter from `name`: for short names, which share too few trigrams."""
    changed = [f"{name[:i]}_{name[i + 1 :]}" for i in range(len(name))]
    longer = [f"{name[:i]}_{name[i:]}" for i in range(len(name) + 1)]
    shorter = [name[:i] + name[i + 1 :] for i in range(len(name))]
    swapped = [name[:i] + name[i + 1] + name[i] + name[i + 2 :] for i in range(len(name) - 1)]
    return list(dict.fromkeys([*changed, *longer, *shorter, *swapped]))
