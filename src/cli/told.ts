/** An end that was foreseen: its message is all that the terminal needs. */
export class Told extends Error {
  constructor(
    message: string,
    readonly exitCode = 1,
  ) {
    super(message);
  }
}
