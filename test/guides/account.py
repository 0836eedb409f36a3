"""Fills the stand-in of an AWS account, in one process where the AWS CLI would take one for each bucket.

account.py buckets NAME...             waits until the account answers, then makes them
account.py upload s3://BUCKET/PREFIX/ FILE...
"""

import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

endpoint = os.environ["AWS_ENDPOINT_URL"]


def put(path, content=b""):
    # Without a type of its own the content would be taken for a form.
    headers = {"Content-Type": "application/octet-stream"}
    request = urllib.request.Request(f"{endpoint}/{path}", data=content, headers=headers, method="PUT")
    urllib.request.urlopen(request, timeout=60).close()


def answers():
    try:
        urllib.request.urlopen(endpoint, timeout=5).close()
        return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


what, *names = sys.argv[1:]
if what == "buckets":
    until = time.monotonic() + 60
    while not answers():
        if time.monotonic() > until:
            sys.exit(f"no answer at {endpoint}")
        time.sleep(0.05)
    for name in names:
        put(name)
elif what == "upload":
    prefix, *files = names
    for file in map(pathlib.Path, files):
        put(prefix.removeprefix("s3://") + file.name, file.read_bytes())
else:
    sys.exit(__doc__)
