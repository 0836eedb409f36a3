/**
 * The program that waits in a warm container and runs one command after another, for any POSIX shell: busybox ash, dash and bash run it.
 *
 * What it reads is data and never becomes code: a word goes from `read` into a variable of a number's name, and from there into "$@". Its
 * variables begin with `_ls_`, because the shell shares its names with the environment of the commands.
 */

/** A folder in memory of the container's own, from which programs may be started; holds a copy of the shell for a moment. */
export const RESIDENT_FOLDER = '/.longshore';

/** Room for the largest shell there is, bash with 1.4 MB; takes memory only while the copy is there, and as long as the copy runs. */
export const RESIDENT_FOLDER_OPTIONS = 'exec,size=4m,mode=1777';

export const RESIDENT_READY = 'ready';

/** The container's init, the program it idles with, and the resident process. */
export const PROCESSES_AT_REST = 3;

export const RESERVED_PREFIX = '_ls_';

/**
 * Becomes a copy of its shell that nobody may read: the kernel then hides the memory and the open files of the process from all others of
 * the same user, and the commands cannot reach the line over which their results are told.
 */
const become = `
cp "/proc/$$/exe" ${RESIDENT_FOLDER}/sh && chmod 111 ${RESIDENT_FOLDER}/sh && exec ${RESIDENT_FOLDER}/sh -c "$1" sh
`;

/**
 * Asked: a line with a mark, a line with the number of words and of those that are environment, then the words. Each is a line with the
 * number of its further lines and its lines, or a line "=" for the word that was at this place before.
 *
 * Answered: when the command has ended, the mark on a line of the output, after "-" when it could not be executed; and on the other line
 * the mark, the exit code, the kernel's count of kills so far, and the number of processes. No word at all is a question about
 * the processes alone.
 *
 * - Descriptor 3 is the output, 4 the answers; a command gets neither, and its stdin is empty.
 * - A signal that a command sends to its group, as "kill 0" does, reaches this process as well: it is caught and does nothing. A caught
 *   signal is the default again in the command, an ignored one would stay ignored.
 * - A busybox that prefers its own programs would run them in the place of a program of the same name in PATH; there the path is looked up.
 */
const reside = `
rm -f ${RESIDENT_FOLDER}/sh
exec 3>&2 4>&1 >/dev/null 2>/dev/null
trap : HUP INT QUIT PIPE ALRM TERM USR1 USR2
_ls_nl='
'
_ls_memory=/sys/fs/cgroup/memory.events _ls_pids=/sys/fs/cgroup/pids.current
if [ ! -r "$_ls_memory" ]; then
  _ls_memory=/sys/fs/cgroup/memory/memory.oom_control _ls_pids=/sys/fs/cgroup/pids/pids.current
fi
_ls_look() {
  _ls_kills= _ls_count=
  while read -r _ls_name _ls_value; do
    [ "$_ls_name" != oom_kill ] || { _ls_kills=$_ls_value; break; }
  done < "$_ls_memory"
  read -r _ls_count < "$_ls_pids"
}
_ls_refuse() {
  echo "$1: there is no such program"
  exit 127
}
_ls_execute() {
  case $1 in
    */*)
      [ -f "$1" ] && [ -x "$1" ] || _ls_refuse "$1"
      exec "$@"
      exit
      ;;
  esac
  set -f
  IFS=:
  for _ls_folder in $PATH; do
    _ls_program=\${_ls_folder:-.}/$1
    [ -f "$_ls_program" ] && [ -x "$_ls_program" ] || continue
    [ "$_ls_own" ] || exec "$@"
    shift
    exec "$_ls_program" "$@"
    exit
  done
  _ls_refuse "$1"
}
( exec < "/proc/$$/environ" ) && exit 1
( PATH=/; exec true ) && _ls_own=yes || _ls_own=
_ls_look
[ "$_ls_kills" ] && [ "$_ls_count" ] || exit 1
echo ${RESIDENT_READY} >&4
while IFS= read -r _ls_mark; do
  read -r _ls_size _ls_settings
  _ls_at=0 _ls_words=
  while [ "$_ls_at" -lt "$_ls_size" ]; do
    _ls_at=$((_ls_at + 1))
    _ls_words="$_ls_words \\"\\$_ls_word_$_ls_at\\""
    read -r _ls_more
    [ "$_ls_more" != = ] || continue
    IFS= read -r _ls_word
    while [ "$_ls_more" -gt 0 ]; do
      IFS= read -r _ls_line
      _ls_word=$_ls_word$_ls_nl$_ls_line
      _ls_more=$((_ls_more - 1))
    done
    eval "_ls_word_$_ls_at=\\$_ls_word"
  done
  _ls_code=0
  if [ "$_ls_size" -gt 0 ]; then
    eval "set -- $_ls_words"
    (
      trap "echo $_ls_mark-" EXIT
      unset PWD OLDPWD SHLVL
      while [ "$_ls_settings" -gt 0 ]; do
        export "$1"
        shift
        _ls_settings=$((_ls_settings - 1))
      done 2>/dev/null
      _ls_execute "$@"
    ) </dev/null >&3 2>&1 3>&- 4>&-
    _ls_code=$?
  fi
  _ls_look
  echo "$_ls_mark" >&3
  echo "$_ls_mark $_ls_code $_ls_kills $_ls_count" >&4
done
`;

/** @param shell a shell of the image; the copy is always called `sh` */
export function residentArgv(shell: string): string[] {
  return [shell, '-c', become, 'sh', reside];
}
