/** Parts of a name that are no name of a file or folder. */

const odd = /(?:^|\/)(\.{0,2})(?=\/|$)/;

/** The first part that is empty or stands for a folder: `.` or `..`. */
export function oddPart(name: string): string | undefined {
  return odd.exec(name)?.[1];
}
