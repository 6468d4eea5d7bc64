/**
 * Keeps a daemon alive when its log cannot be written, such as on a full disk: an error of stderr that nobody listens for
 * ends the process.
 */
export function outliveLog(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
}
