"""Parting what touches: a watershed of the peaks of a landscape, with shallow parts merged again.

Every pixel belongs to the peak that steepest ascent over its eight neighbours leads to (Fairfield's "toboggan", ICPR
1990). Two neighbouring peaks are one when the highest saddle between them is at least `ratio` of the lower peak: the
dynamics of Grimaud (Proc. SPIE 1769, 1992), taken as a ratio and not as a difference, so that small and large nuclei
are judged alike. Landscape and mask have the shape (height, width); labels are int32 of that shape, 0 outside.
"""

import numpy as np
from scipy import ndimage


def part_peaks(landscape: np.ndarray, mask: np.ndarray, ratio: float) -> np.ndarray:
    labels, peaks = _basins(landscape, mask)
    merged = _merge(peaks, _saddles(landscape, labels), ratio)
    return merged[labels]


def _basins(landscape: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The label of each pixel's peak, and the height of every peak by its label."""
    heights = landscape[mask]
    order = np.argsort(heights, kind="stable")
    # Ranks from 1 up are heights without ties: no pixel is left on a plateau with no way up.
    ranks = np.empty(heights.size, np.int32)
    ranks[order] = np.arange(1, heights.size + 1, dtype=np.int32)
    by_pixel = np.zeros(mask.shape, np.int32)
    by_pixel[mask] = ranks

    summit = np.zeros(heights.size + 1, np.int32)
    summit[ranks] = ndimage.maximum_filter(by_pixel, size=3)[mask]
    while not np.array_equal(higher := summit[summit], summit):
        summit = higher

    summits = np.unique(summit)
    labels = np.searchsorted(summits, summit[by_pixel]).astype(np.int32)
    peaks = np.concatenate(([0], heights[order[summits[1:] - 1]]))
    return labels, peaks


def _saddles(landscape: np.ndarray, labels: np.ndarray) -> list[tuple[float, int, int]]:
    """The highest pass between each two neighbouring labels: (height, label, label), highest first."""
    height, width = labels.shape
    whole_rows, upper, lower = slice(None), slice(0, height - 1), slice(1, height)
    whole_columns, left, right = slice(None), slice(0, width - 1), slice(1, width)
    neighbours = (
        ((whole_rows, left), (whole_rows, right)),
        ((upper, whole_columns), (lower, whole_columns)),
        ((upper, left), (lower, right)),
        ((upper, right), (lower, left)),
    )
    passes = [_passes(landscape, labels, here, there) for here, there in neighbours]
    first, second, heights = (np.concatenate(column) for column in zip(*passes))
    order = np.lexsort((second, first, -heights))
    pairs = np.stack((first, second))[:, order]
    _, highest = np.unique(pairs, axis=1, return_index=True)
    highest.sort()
    return [(float(heights[order[at]]), int(pairs[0, at]), int(pairs[1, at])) for at in highest]


def _passes(
    landscape: np.ndarray, labels: np.ndarray, here: tuple[slice, slice], there: tuple[slice, slice]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    one, other = labels[here], labels[there]
    touching = (one != other) & (one > 0) & (other > 0)
    one, other = one[touching], other[touching]
    heights = np.minimum(landscape[here][touching], landscape[there][touching])
    return np.minimum(one, other), np.maximum(one, other), heights


def _merge(peaks: np.ndarray, saddles: list[tuple[float, int, int]], ratio: float) -> np.ndarray:
    """The new label of every old one: the label of the highest peak it was merged into."""
    parent = list(range(len(peaks)))

    def root(label: int) -> int:
        while parent[label] != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    for height, one, other in saddles:
        low, high = sorted((root(one), root(other)), key=lambda label: (peaks[label], label))
        if height >= ratio * peaks[low]:
            parent[low] = high
    return np.array([root(label) for label in range(len(peaks))], np.int32)
