/** Who the container's processes are: never root, and able to leave files that this worker may read and remove. */

const nobody = 65_534;

export function containerUser(): { uid: number; gid: number } {
  const uid = process.getuid?.() ?? nobody;
  const gid = process.getgid?.() ?? nobody;
  return uid === 0 ? { uid: nobody, gid: nobody } : { uid, gid };
}
