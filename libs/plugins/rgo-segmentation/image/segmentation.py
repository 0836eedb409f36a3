"""From an image of bright nuclei on a dark ground to one label per nucleus.

Images are float arrays of shape (height, width) in grey levels; labels are int32 of the same shape, 0 for the ground,
1..n for the nuclei. The steps and where they come from:

1. Smooth (Gaussian), then take the square root: it makes photon noise equally strong at every brightness (Anscombe,
   Biometrika 35, 1948), so dim nuclei are not lost to a threshold that bright ones pull up.
2. One threshold for the image (Otsu, IEEE Trans. SMC 9, 1979) on that root. An image of nothing but noise also has an
   Otsu threshold, but the two classes then lie closer together than MIN_SEPARATION; it has no nuclei.
3. Part touching nuclei on the landscape (distance to the edge) x (root of the contrast): both fall at a neck, the first
   by shape, the second by brightness. See splitting.py.
4. Trim every nucleus to the pixels that reach EDGE of its own contrast, which drops the glow around bright ones, and
   remove what is smaller than a nucleus.

Steps 2 to 4 compare ratios, so neither exposure nor, but for the smallest area, magnification needs a parameter.
"""

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from settings import Settings
from splitting import part_peaks

# The classes of one bell-shaped population cut at its mean lie 2.65 standard deviations of the darker class apart.
MIN_SEPARATION = 3.0
EDGE = 0.3
BINS = 1024


@dataclass(frozen=True)
class Segmentation:
    labels: np.ndarray
    count: int
    threshold: float
    """In grey levels of the smoothed image; nuclei are brighter than this."""


def segment(image: np.ndarray, settings: Settings) -> Segmentation:
    if image.min() == image.max():
        return _nothing(image, float(image.min()))
    smooth = ndimage.gaussian_filter(image, settings.smoothing)
    threshold = otsu_threshold(np.sqrt(smooth)) ** 2
    mask = smooth > threshold
    if not _stands_out(smooth, mask):
        return _nothing(image, threshold)

    contrast = np.maximum(smooth - np.median(smooth[~mask]), 0)
    mask = _fill_small_holes(mask, settings.min_area)
    distance = ndimage.gaussian_filter(_distance_to_edge(mask), settings.smoothing)
    labels = part_peaks(distance * np.sqrt(contrast), mask, settings.split)

    labels = _trim_glow(labels, contrast)
    labels, count = _drop_small(labels, settings.min_area)
    return Segmentation(labels, count, threshold)


def otsu_threshold(values: np.ndarray) -> float:
    """The cut between two classes of values that makes the variance between the classes greatest."""
    histogram, edges = np.histogram(values, BINS)
    centres = (edges[1:] + edges[:-1]) / 2
    dark = np.cumsum(histogram)[:-1].astype(float)
    bright = histogram.sum() - dark
    dark_sum = np.cumsum(histogram * centres)[:-1]
    bright_sum = (histogram * centres).sum() - dark_sum
    # The first and the last bin are never empty, so neither class is.
    between = dark * bright * (dark_sum / dark - bright_sum / bright) ** 2
    return float(edges[np.argmax(between) + 1])


def _nothing(image: np.ndarray, threshold: float) -> Segmentation:
    return Segmentation(np.zeros(image.shape, np.int32), 0, threshold)


def _stands_out(smooth: np.ndarray, mask: np.ndarray) -> bool:
    if mask.all() or not mask.any():
        return False
    nuclei, ground = np.sqrt(smooth[mask]), np.sqrt(smooth[~mask])
    return bool(nuclei.mean() - ground.mean() > MIN_SEPARATION * ground.std())


def _fill_small_holes(mask: np.ndarray, min_area: int) -> np.ndarray:
    holes, _ = ndimage.label(~mask)
    small = np.bincount(holes.ravel()) < min_area
    return mask | small[holes]


def _distance_to_edge(mask: np.ndarray) -> np.ndarray:
    """Pixels from each pixel of the mask to the nearest outside; from the positions, as that takes half the memory."""
    rows, columns = ndimage.distance_transform_edt(mask, return_distances=False, return_indices=True)
    rows -= np.arange(mask.shape[0], dtype=np.int32)[:, None]
    columns -= np.arange(mask.shape[1], dtype=np.int32)
    return np.hypot(rows, columns, dtype=np.float32)


def _trim_glow(labels: np.ndarray, contrast: np.ndarray) -> np.ndarray:
    peaks = np.zeros(labels.max() + 1, contrast.dtype)
    np.maximum.at(peaks, labels.ravel(), contrast.ravel())
    return np.where(contrast > EDGE * peaks[labels], labels, 0)


def _drop_small(labels: np.ndarray, min_area: int) -> tuple[np.ndarray, int]:
    kept = np.bincount(labels.ravel()) >= min_area
    kept[0] = False
    numbers = np.where(kept, np.cumsum(kept), 0).astype(np.int32)
    return numbers[labels], int(kept.sum())
