"""A worker of the original system, written from docs/legacy-workers.md alone: it knows four endpoints, S3 and docker, and nothing of Longshore.

    original_worker.py URL FOLDER [--name NAME] [--poll SECONDS] [--die-after-ack | --fail-once | --leave-holding]

The container gets the files of a batch in /app/Inputs, and leaves a copy and a checksum of each in /app/Outputs.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import time
import urllib.error
import urllib.request

import boto3

IMAGE = "busybox:1.36"
SCRIPT = """
set -eu
cd "$1"
for name in *; do
  cp "$name" "$2/$name"
  sha256sum < "$name" | cut -c1-64 > "$2/$name.sha256"
done
"""


def post(url, body=None):
    """What `requests.post` sends: JSON where there is something to say, an empty body otherwise."""
    data = b"" if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, method="POST")
    if body is not None:
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)


def get(url):
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


class Worker:
    def __init__(self, options):
        self.options = options
        self.url = options.url.rstrip("/")
        self.inputs = os.path.join(options.folder, "input_files")
        self.outputs = os.path.join(options.folder, "output_files")
        self.s3 = boto3.client("s3")
        self.container = options.name
        self.failed_once = False
        self.leaving = False

    def register(self):
        capabilities = ["processing", None, "CPU"]
        answer = post(f"{self.url}/register", {"hostname": self.options.name, "capabilities": capabilities})
        self.id = answer["worker_id"]
        print(f"registered {self.id}: {answer['message']}", flush=True)

    def status(self, status, **details):
        post(f"{self.url}/status/{self.id}", {"status": status, "details": details})
        print(f"status {status}", flush=True)

    def start_container(self):
        for folder in (self.inputs, self.outputs):
            os.makedirs(folder, exist_ok=True)
        user = f"{os.getuid()}:{os.getgid()}"
        mounts = ["-v", f"{self.inputs}:/app/Inputs", "-v", f"{self.outputs}:/app/Outputs"]
        command = ["docker", "run", "-d", "--network", "none", "--user", user, *mounts, "--name", self.container, IMAGE]
        command += ["sleep", "3600"]
        subprocess.run(command, check=True, capture_output=True)

    def remove_container(self):
        subprocess.run(["docker", "rm", "-f", self.container], capture_output=True)

    def clear(self):
        for folder in (self.inputs, self.outputs):
            for name in os.listdir(folder):
                os.remove(os.path.join(folder, name))

    def process(self, assignment):
        files = assignment["file_names"]
        post(f"{self.url}/ack/{self.id}")
        print(f"acknowledged {len(files)}", flush=True)
        if self.options.die_after_ack:
            os.kill(os.getpid(), signal.SIGKILL)
        self.status("processing", files=files)
        if self.options.leave_holding:
            self.leaving = True
            return
        if self.options.fail_once and not self.failed_once:
            self.failed_once = True
            self.status("failed", files=files, error="Failed to run the segmentation")
            return
        for key in files:
            self.s3.download_file(assignment["input_bucket"], key, os.path.join(self.inputs, os.path.basename(key)))
        run = ["docker", "exec", self.container, "sh", "-c", SCRIPT, "run", "/app/Inputs", "/app/Outputs"]
        subprocess.run(run, check=True, capture_output=True)
        prefix = assignment["output_prefix"].rstrip("/")
        for name in os.listdir(self.outputs):
            self.s3.upload_file(os.path.join(self.outputs, name), assignment["output_bucket"], f"{prefix}/{name}")
        self.clear()
        self.status("completed", files=files, processed_files=files)

    def shut_down(self, reason):
        self.remove_container()
        for folder in (self.inputs, self.outputs):
            shutil.rmtree(folder, ignore_errors=True)
        self.status("shutting-down", reason=reason)

    def run(self):
        self.register()
        self.start_container()
        while not self.leaving:
            assignment = get(f"{self.url}/assignment/{self.id}")["assignment"]
            if assignment is None:
                time.sleep(self.options.poll)
            elif assignment.get("shutdown"):
                return self.shut_down(assignment.get("message", "ordered"))
            else:
                self.process(assignment)
                time.sleep(self.options.poll)
        return self.shut_down("instance interrupted")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("url")
    parser.add_argument("folder")
    parser.add_argument("--name", default="original-worker")
    parser.add_argument("--poll", type=float, default=10)
    parser.add_argument("--die-after-ack", action="store_true")
    parser.add_argument("--fail-once", action="store_true")
    parser.add_argument("--leave-holding", action="store_true")
    worker = Worker(parser.parse_args())

    def interrupted(*_):
        worker.leaving = True

    signal.signal(signal.SIGTERM, interrupted)
    signal.signal(signal.SIGINT, interrupted)
    try:
        worker.run()
    except Exception as error:  # The original reports what it did not expect, and ends.
        print(f"failed: {error!r}", flush=True)
        worker.status("failed", error=repr(error))
        worker.shut_down("it failed")
        raise


if __name__ == "__main__":
    main()
