"""Where an innovation came from and what came of it: a tree of replications, drawn as boxes, and the provinces."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from catalogue.facets import Found, Province
from catalogue.models import Innovation, Replication
from catalogue.provinces import TILES
from catalogue.querysets import ReplicationQuerySet

LEVELS = 3  # looked up and down from an innovation
DRAWN = 30  # boxes; the table has all
WIDTH, BOX, PITCH, INDENT = 360, 40, 50, 22  # units of the drawing; a phone shows it at its own size
LETTER = 7.4  # about how wide a letter of the larger line is


@dataclass(frozen=True)
class Node:
    """A box: an innovation the tree begins with, or a replication (then with what came of it)."""

    innovation: Innovation | None
    replication: Replication | None
    depth: int
    is_here: bool
    place: int = 0
    parent: int = 0  # place of the box it hangs on

    @property
    def head(self) -> str:
        return self._fitting(self.innovation.title if self.innovation else self._who)

    @property
    def hint(self) -> str:
        if self.replication is None:
            return self._fitting(self.innovation.agency_name if self.innovation else "")
        words = [self._who] if self.innovation else []
        state = [str(self.replication.get_kind_display()), str(self.replication.get_state_display())]
        return self._fitting(" · ".join([*words, str(self.replication.since.year), *state]))

    @property
    def state(self) -> str:
        return str(self.replication.state) if self.replication else "source"

    @property
    def x(self) -> int:
        return self.depth * INDENT + 2

    @property
    def y(self) -> int:
        return self.place * PITCH + 2

    @property
    def width(self) -> int:
        return WIDTH - self.x - 2

    @property
    def path(self) -> str:
        """From under the parent's left edge down to the middle of this box's."""
        left, top, middle = self.x - INDENT // 2, self.parent * PITCH + BOX + 2, self.y + BOX // 2
        return f"M{left} {top}V{middle}H{self.x}"

    @property
    def _who(self) -> str:
        return self.replication.unit_name or self.replication.agency.name if self.replication else ""

    def _fitting(self, text: str) -> str:
        most = int((self.width - 16) / LETTER)
        return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


class Lineage:
    """All that hangs together with an innovation, asked for level by level: a constant number of queries."""

    map_width, map_height, width = Found.map_width, Found.map_height, WIDTH

    def __init__(self, innovation: Innovation) -> None:
        self.innovation = innovation
        self.root = _first(innovation)
        self._beneath: dict[int, list[Replication]] = {}
        level, seen = {self.root.pk}, {self.root.pk}
        for _level in range(2 * LEVELS):
            found = list(_loaded().of(level).order_by("since", "pk")) if level else []
            for each in found:
                self._beneath.setdefault(each.origin.pk, []).append(each)
            level = {each.result.pk for each in found if each.result} - seen
            seen |= level

    @cached_property
    def replications(self) -> list[Replication]:
        """Each once, in the order of the drawing."""
        return [node.replication for node in self._nodes if node.replication]

    @property
    def own(self) -> list[Replication]:
        """Those of this very innovation."""
        return self._beneath.get(self.innovation.pk, [])

    @property
    def confirmed(self) -> int:
        return sum(each.state == Replication.State.CONFIRMED for each in self.own)

    @cached_property
    def drawn(self) -> list[Node]:
        return self._nodes[:DRAWN]

    @property
    def left_out(self) -> int:
        return len(self._nodes) - len(self.drawn)

    @property
    def height(self) -> int:
        return len(self.drawn) * PITCH - (PITCH - BOX) + 4

    @cached_property
    def tiles(self) -> list[Province]:
        """The provinces of the replicating agencies; darker where more are."""
        counts = Counter(each.agency.province for each in self.replications)
        most = max((counts[tile.name] for tile in TILES), default=0)
        return [Province.shown(tile, f"{tile.name}: {counts[tile.name]}", counts[tile.name], of=most) for tile in TILES]

    @cached_property
    def _nodes(self) -> list[Node]:
        nodes = [Node(self.root, None, 0, is_here=self.root.pk == self.innovation.pk)]
        self._hang(nodes, self.root, {self.root.pk})
        return nodes

    def _hang(self, nodes: list[Node], innovation: Innovation, seen: set[int]) -> None:
        """Adds what came of the innovation, which is the last box so far; none twice."""
        above = nodes[-1]
        for each in self._beneath.get(innovation.pk, []):
            result = each.result
            here = bool(result and result.pk == self.innovation.pk)
            nodes.append(Node(result, each, above.depth + 1, here, place=len(nodes), parent=above.place))
            if result and result.pk not in seen:
                seen.add(result.pk)
                self._hang(nodes, result, seen)


def _first(innovation: Innovation) -> Innovation:
    """The innovation the lineage begins with, at most LEVELS up; itself where two came of each other."""
    found, seen = innovation, {innovation.pk}
    for _level in range(LEVELS):
        above = _loaded().leading_to([found.pk]).order_by("since", "pk").first()
        if above is None or above.origin.pk in seen:
            break
        found = above.origin
        seen.add(found.pk)
    return found


def _loaded() -> ReplicationQuerySet:
    return Replication.objects.in_force().with_ends()
