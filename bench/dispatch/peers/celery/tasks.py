"""The application of Celery that the bench measures: one task, which does nothing."""

import os

from celery import Celery

app = Celery("bench", broker=os.environ["LONGSHORE_BENCH_REDIS"])
app.conf.update(
    task_acks_late=True,
    task_ignore_result=True,
    worker_send_task_events=False,
    task_serializer="json",
    worker_disable_rate_limits=True,
)


@app.task(name="noop")
def noop(number):
    return None
