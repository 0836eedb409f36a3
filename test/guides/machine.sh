#!/bin/bash
# A machine of one's own for the commands of one page: a private checkout, /tmp, /etc, /srv, home and network. Then reads commands.
# Usage: unshare --mount --net --propagation private bash machine.sh SANDBOX REPOSITORY
set -eu
sandbox=$1 repository=$2

cd /
mkdir -p "$sandbox"/{layers,checkout,tmp,home,log,work}
mount -t tmpfs layers "$sandbox/layers"
private() {
  mkdir -p "$sandbox/layers/$3/upper" "$sandbox/layers/$3/work"
  mount -t overlay "$3" -o "lowerdir=$1,upperdir=$sandbox/layers/$3/upper,workdir=$sandbox/layers/$3/work" "$2"
}
private "$repository" "$sandbox/checkout" checkout
# What Node has compiled is no part of a checkout: every program starts quicker with it.
if [ -d "$repository/.cache/compiled" ]; then mount --bind "$repository/.cache/compiled" "$sandbox/checkout/.cache/compiled"; fi
private /etc /etc etc
mount -t tmpfs srv /srv
# The sandbox keeps its path below the private /tmp, because the engine knows only the paths of the machine.
mount --rbind "$sandbox" /mnt
mount --bind "$sandbox/tmp" /tmp
mkdir -p "$sandbox" "$repository"
mount --rbind /mnt "$sandbox"
mount --rbind /mnt/checkout "$repository"

"${LONGSHORE_MOTO_SERVER%/*}/python" "$repository/scripts/testing/loopback-up.py"
printf '127.0.0.1 localhost orchestrator\n' > /etc/hosts

export HOME="$sandbox/home" LONGSHORE_WORK="$sandbox/work" TMPDIR="$sandbox/work" NO_COLOR=1
unset LONGSHORE_HOME LONGSHORE_STATE LONGSHORE_URL
PATH="$repository/node_modules/.bin:${LONGSHORE_MOTO_SERVER%/*}:$PATH"
npx() { "$@"; } # what it does for a program of the project, half a second quicker
sudo() { "$@"; }
export -f npx sudo
cd "$repository"
set +eu
set -m # a process group for each server, to be ended as one
number=0 servers=()
while IFS= read -r -d '' kind && IFS= read -r -d '' command; do
  number=$((number + 1))
  if [ "$kind" = server ]; then
    # One machine has one orchestrator: a reader ends the first before starting another.
    if [[ $command == *"longshore orchestrator"* ]] && [ ${#servers[@]} -gt 0 ]; then
      kill -- "${servers[@]/#/-}" 2> /dev/null
      wait "${servers[@]}"
      servers=()
    fi
    { eval "$command"; } > "$sandbox/log/$number" 2>&1 < /dev/null &
    servers+=($!)
    code=0
  else
    eval "$command" > "$sandbox/log/$number" 2>&1 < /dev/null
    code=$?
  fi
  echo "$code" >&3
done

# Workers remove their containers when they are asked to go.
for server in "${servers[@]}"; do kill -- "-$server" 2> /dev/null; done
# The shell that began one goes before it; all of a group have to be gone, because the end of this shell ends what is left.
for server in "${servers[@]}"; do while kill -0 -- "-$server" 2> /dev/null; do sleep 0.05; done; done
