"""One line for each figure, and an exit code that says whether all targets are met."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """What was measured, its value and its target in words; `ok` is None for a figure without a target."""

    what: str
    value: str
    target: str = ""
    ok: bool | None = None

    def __str__(self) -> str:
        if self.ok is None:
            return f"{self.what}: {self.value}"
        return f"{self.what}: {self.value} (target {self.target}) {'ok' if self.ok else 'MISSED'}"


def run(figures_by_name: Mapping[str, Callable[[], Sequence[Figure]]], argv: Sequence[str]) -> int:
    """Prints the figures of the names given (all without a name); 1 if a target is missed, 2 for an unknown name."""
    unknown = [name for name in argv if name not in figures_by_name]
    if unknown:
        print(f"There is no {unknown[0]}. Choose from: {', '.join(figures_by_name)}")
        return 2
    missed = False
    for name in argv or figures_by_name:
        for figure in figures_by_name[name]():
            print(f"{name} · {figure}", flush=True)
            missed = missed or figure.ok is False
    return int(missed)
