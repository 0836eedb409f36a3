"""Counts fluorescence nuclei in every image below a folder.

    python3 segment.py INPUTS OUTPUTS

For each INPUTS/<path> that is a PNG or TIFF this writes OUTPUTS/<path>.labels.png (16-bit, 0 for the ground, 1..n for
the nuclei) and OUTPUTS/<path>.record.json (count, threshold in grey levels, width and height in pixels), and prints one
line. It ends with 0 when all images were done, 2 when it was called wrongly and 3 when an image could not be done; the
others are done all the same. The parameters are in settings.py, the method is in segmentation.py.
"""

import json
import os
import signal
import sys
from pathlib import Path

from images import UnreadableImage, find_images, read_grey, write_labels, write_record
from segmentation import segment
from settings import InvalidSetting, Settings, read_settings

WRONG_CALL = 2
IMAGE_FAILED = 3
MAX_LABEL = 65535


class TooManyNuclei(Exception):
    """More nuclei than a 16-bit label image can number."""


def main(arguments: list[str]) -> int:
    _accept_any_name()
    _stop_when_asked()
    try:
        inputs, outputs = _folders(arguments)
        settings = read_settings(os.environ)
    except InvalidSetting as problem:
        print(problem, file=sys.stderr)
        return WRONG_CALL

    try:
        found = list(find_images(inputs))
    except OSError as problem:
        print(f"The folder {_quoted(problem.filename)} cannot be listed: {problem.strerror}.", file=sys.stderr)
        return IMAGE_FAILED
    if not found:
        print("no .png, .tif or .tiff image found")
    failed = [path for path in found if not _process(path, inputs, outputs, settings)]
    return IMAGE_FAILED if failed else 0


def _folders(arguments: list[str]) -> tuple[Path, Path]:
    if len(arguments) != 2:
        raise InvalidSetting(f"Usage: run_segmentation.sh INPUTS OUTPUTS, but {len(arguments)} arguments were given.")
    inputs, outputs = Path(arguments[0]), Path(arguments[1])
    if not inputs.is_dir():
        raise InvalidSetting(f"The inputs {_quoted(inputs)} are not a folder.")
    return inputs, outputs


def _process(path: Path, inputs: Path, outputs: Path, settings: Settings) -> bool:
    try:
        count = _segment_file(inputs / path, outputs / path.parent, path.name, settings)
    except (UnreadableImage, TooManyNuclei) as problem:
        return _failed(path, str(problem))
    except OSError as problem:
        return _failed(path, f"its result cannot be written: {problem.strerror or problem}")
    print(f"{_quoted(path)}: {count} {'nucleus' if count == 1 else 'nuclei'}")
    return True


def _segment_file(source: Path, folder: Path, name: str, settings: Settings) -> int:
    image = read_grey(source)
    result = segment(image, settings)
    if result.count > MAX_LABEL:
        raise TooManyNuclei(f"it has {result.count} nuclei, and a 16-bit label image can number {MAX_LABEL}")
    height, width = image.shape
    record = {"count": result.count, "threshold": round(result.threshold, 4), "width": width, "height": height}
    write_labels(folder / f"{name}.labels.png", result.labels)
    write_record(folder / f"{name}.record.json", record)
    return result.count


def _failed(path: Path, reason: str) -> bool:
    print(f"{_quoted(path)} was left out: {reason}.", file=sys.stderr)
    return False


def _quoted(path: Path | str) -> str:
    """A name on one line, even one that holds line breaks."""
    return json.dumps(str(path), ensure_ascii=False)


def _accept_any_name() -> None:
    """File names are bytes; those that are not text are shown escaped."""
    sys.stdout.reconfigure(errors="backslashreplace")
    sys.stderr.reconfigure(errors="backslashreplace")


def _stop_when_asked() -> None:
    """As the first process of a container this one is not ended by SIGTERM unless it listens for it."""
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
