#!/bin/bash
# A machine of its own for one story, as far as its name, its ports and the folders of other lanes go. Then runs a program on it.
# Usage: unshare --uts --net --mount --propagation private bash lane.sh FOLDER_OF_ALL_LANES LANE PROGRAM...
set -eu
lanes=$1 lane=$2
shift 2

# A worker that starts removes what the dead workers of its machine have left. It knows them by the name of the machine, and by their folders.
hostname "lane-$lane"
mkdir -p "$lanes/$lane"
for other in "$lanes"/*; do
  if [ "$other" != "$lanes/$lane" ]; then mount -t tmpfs hidden "$other"; fi
done
export TMPDIR="$lanes/$lane"

"${LONGSHORE_MOTO_SERVER%/*}/python" "${BASH_SOURCE[0]%/*}/loopback-up.py"
exec "$@"
