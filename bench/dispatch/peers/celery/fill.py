"""Puts as many tasks into the queue as the first argument says."""

import sys

from tasks import app, noop

with app.producer_pool.acquire(block=True) as producer:
    for number in range(int(sys.argv[1])):
        noop.apply_async((number,), producer=producer)
