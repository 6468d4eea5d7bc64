import { writeFileSync } from "node:fs";

/**
 * Stands for the Pulumi CLI: says that it runs, counts what asks it to stop, and ends once a line is typed, with as
 * many events in its log. A file of its folder says that it has noticed a signal.
 */
const events: object[] = [];
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    events.push({ sequence: events.length, timestamp: 0, cancelEvent: { signal } });
    writeFileSync("noticed", "");
    process.stdout.write(`engine got ${signal} number ${events.length}\n`);
  });
}
process.stdin.once("data", () => {
  // Signals that were sent before the line are counted.
  setImmediate(() => {
    const log = process.argv[process.argv.indexOf("--event-log") + 1]!;
    writeFileSync(log, events.map((event) => `${JSON.stringify(event)}\n`).join(""));
    process.stdout.write("engine ends\n");
    process.exit(7);
  });
});
process.stdout.write(`engine runs ${process.argv.slice(2, 4).join(" ")}\n`);
