"""The three parameters of a segmentation, read from the environment.

RGO_SMOOTHING  sigma of the Gaussian, in pixels, that quiets the image and its distance map before they are used.
RGO_MIN_AREA   smallest nucleus that is kept, in pixels; a smaller hole inside a nucleus is filled.
RGO_SPLIT      how readily touching nuclei are parted, from 0 (never) to 1 (at every dent): two neighbours are one
               nucleus when the saddle between them reaches at least this fraction of the lower of their two peaks.
"""

from dataclasses import dataclass
from typing import Mapping


class InvalidSetting(Exception):
    """A parameter that cannot be used; the message is one sentence for the person who set it."""


@dataclass(frozen=True)
class Settings:
    smoothing: float
    min_area: int
    split: float


def read_settings(environment: Mapping[str, str]) -> Settings:
    return Settings(
        smoothing=_number(environment, "RGO_SMOOTHING", default=1.0, low=0.0, high=20.0),
        min_area=_whole_number(environment, "RGO_MIN_AREA", default=15, low=1, high=1_000_000),
        split=_number(environment, "RGO_SPLIT", default=0.92, low=0.0, high=1.0),
    )


def _number(environment: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    text = environment.get(name)
    if text is None:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not low <= value <= high:
        raise InvalidSetting(f"{name} must be a number from {low:g} to {high:g}, but it is {text!r}.")
    return value


def _whole_number(environment: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environment.get(name)
    if text is None:
        return default
    is_digits = text.isascii() and text.isdigit() and len(text) <= len(str(high))
    if not is_digits or not low <= int(text) <= high:
        raise InvalidSetting(f"{name} must be a whole number from {low} to {high}, but it is {text!r}.")
    return int(text)
