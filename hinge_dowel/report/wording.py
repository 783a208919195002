"""How views write words, numbers and times."""

from __future__ import annotations

from collections.abc import Sequence


def capital(words: str) -> str:
    """Return `words` with a capital first letter; the rest stays as it is."""
    return words[:1].upper() + words[1:]


def number(value: float, decimals: int = 0) -> str:
    """Format a number for reading: with a true minus sign, and never as minus zero."""
    rounded = round(value, decimals) + 0.0
    return f"{rounded:.{decimals}f}".replace("-", "\N{MINUS SIGN}")


def percent(share: float) -> str:
    """Format a share (0 to 1) as whole percent; 0 only for none and 100 only for all."""
    rounded = round(100 * share)
    return f"{min(max(rounded, int(share > 0)), 100 if share == 1 else 99)} %"


def clock(seconds: float) -> str:
    """Format seconds as whole minutes and seconds: `2:05`."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def clip_time(time_s: float) -> str:
    """Format a time in a clip: `7.5 s`, from a minute on `2:05`."""
    return f"{time_s:.1f} s" if time_s < 60 else clock(time_s)


def counted(number: int, thing: str) -> str:
    """Return a number with its noun: `1 clip`, `2 clips`."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def numbers_in_runs(numbers: Sequence[int]) -> str:
    """Return numbers, which rise, as a list in which three in a row are a range: `1, 3-5`."""
    runs: list[list[int]] = []
    for one in numbers:
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(
        f"{run[0]}-{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs
    )
