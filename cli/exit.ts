/** What the process answers, as docs/architecture.md lists it. */
export const exitCodes = { done: 0, refused: 1, usage: 2, onHold: 3 } as const;

/** The command ran and the answer is no: the report is printed already, the message is the last line. */
export class Refused extends Error {
  override readonly name = "Refused";
}
