"""Work that is carried out in several sequences of calls at a time.

What has to stay in order, such as the ticks of a symbol, is one group, and a group is
in one lane.
"""

from collections.abc import Sequence

from services.aws.concurrency import WORKERS


def lanes_of(groups: Sequence[str], *, per_lane: int) -> list[list[int]]:
    """The positions of the groups' members, one group after another in each lane. There
    is one lane for every so many members.
    """
    members: dict[str, list[int]] = {}
    for position, group in enumerate(groups):
        members.setdefault(group, []).append(position)
    lanes: list[list[int]] = [[] for _ in range(lane_count(len(groups), per_lane))]
    for positions in members.values():
        min(lanes, key=len).extend(positions)
    return [lane for lane in lanes if lane]


def lane_count(members: int, per_lane: int) -> int:
    """Return how many sequences of calls so many members are divided into."""
    return max(1, min(WORKERS, members // per_lane))
