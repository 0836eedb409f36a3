"""Finding and reading images, and writing what was found in them.

A read image is a float32 array of shape (height, width) in the grey levels of its file: 0..255 or 0..65535. Colour is
averaged over red, green and blue, so a stain that lies in one channel only is kept whole; transparency is ignored; of a
file with several frames the first is read. Paths are those of the operating system, whatever bytes they hold.
"""

import json
import os
from pathlib import Path
from typing import Callable, Iterator

import numpy as np
from PIL import Image, UnidentifiedImageError

SUFFIXES = (".png", ".tif", ".tiff")
MODES_8_BIT = {"1": "L", "L": "L", "LA": "L", "P": "RGB", "PA": "RGB", "RGB": "RGB", "RGBA": "RGB", "RGBX": "RGB"}
MODES_16_BIT = ("I", "I;16", "I;16L", "I;16B")
UNFINISHED = ".unfinished-output"


class UnreadableImage(Exception):
    """A file this program cannot take; the message is the reason, a sentence without its full stop."""


def find_images(folder: Path) -> Iterator[Path]:
    """The paths of all images below the folder, relative to it, in a fixed order; OSError when one cannot be listed."""
    for parent, folders, names in os.walk(folder, onerror=_raise):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES):
                yield Path(parent, name).relative_to(folder)


def read_grey(path: Path) -> np.ndarray:
    try:
        with Image.open(path, formats=("PNG", "TIFF")) as image:
            return _grey(image)
    except UnreadableImage:
        raise
    except UnidentifiedImageError as problem:
        raise UnreadableImage("it is neither a PNG nor a TIFF image") from problem
    except Exception as problem:  # a damaged file makes the decoders fail in ways they do not list
        if isinstance(problem, OSError) and problem.errno:
            raise UnreadableImage(f"it cannot be opened: {problem.strerror}") from problem
        raise UnreadableImage(f"it is damaged or too large ({type(problem).__name__}: {problem})") from problem


def write_labels(path: Path, labels: np.ndarray) -> None:
    image = Image.fromarray(labels.astype(np.uint16))
    _write(path, lambda unfinished: image.save(unfinished, format="PNG"))


def write_record(path: Path, record: dict) -> None:
    _write(path, lambda unfinished: unfinished.write_text(json.dumps(record) + "\n"))


def _grey(image: Image.Image) -> np.ndarray:
    if image.mode in MODES_8_BIT:
        pixels = np.asarray(image.convert(MODES_8_BIT[image.mode]), dtype=np.float32)
        return pixels if pixels.ndim == 2 else pixels.mean(axis=2)
    if image.mode in MODES_16_BIT:
        pixels = np.asarray(image, dtype=np.float32)
        if pixels.min() >= 0 and pixels.max() <= 65535:
            return pixels
    raise UnreadableImage(f"its pixels (mode {image.mode}) are neither 8-bit grey or colour nor 16-bit grey")


def _write(path: Path, write: Callable[[Path], object]) -> None:
    """A reader never meets half a file under the final name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.parent / UNFINISHED
    try:
        write(unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def _raise(problem: OSError) -> None:
    raise problem
