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

# A new network has a loopback that is down.
"${LONGSHORE_MOTO_SERVER%/*}/python" - <<'END'
import fcntl, socket, struct
with socket.socket() as any_socket:
    request = struct.pack("16sH", b"lo", 0)
    flags = struct.unpack("16sH", fcntl.ioctl(any_socket, 0x8913, request))[1]
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sH", b"lo", flags | 1))
END
exec "$@"
