/** One way to get a tool is not open here, for the reason in the message; another way may be. */
export class SourceUnavailable extends Error {
  override readonly name = "SourceUnavailable";
}
