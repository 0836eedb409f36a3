/** What the exit code of the command says. */
export const exitCodes = {
  done: 0,
  error: 1,
  usage: 2,
  /** The job ended, but some objects are set aside as dead letters. */
  deadLetters: 3,
  notAllowed: 4,
  interrupted: 130,
} as const;
