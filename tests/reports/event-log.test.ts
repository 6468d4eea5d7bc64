import { strict as assert } from "node:assert";
import { EventLogError, parseEventLog, plainText } from "../../reports/engine-event";
import { eventsOf } from "./support/events";

const lines = (count: number) =>
  eventsOf(count)
    .map((event) => `${JSON.stringify(event)}\n`)
    .join("");

describe("an event log", () => {
  it("cut at any place gives the events before the cut", () => {
    const log = lines(2);
    const whole = parseEventLog(log);
    for (let end = 0; end <= log.length; end += 7) {
      const events = parseEventLog(log.slice(0, end));
      assert.deepEqual(events, whole.slice(0, events.length));
    }
  });

  it("with a damaged line in the middle is refused by its number, without repeating it", () => {
    for (const damaged of ["{not json: secret-value", "[1]", "null", "17"]) {
      assert.throws(
        () => parseEventLog(`${lines(1)}${damaged}\n{}\n`),
        (error: Error) =>
          error instanceof EventLogError &&
          /^line 3 /.test(error.message) &&
          !error.message.includes("secret"),
      );
    }
  });

  it("has messages without colours, links, bells and backspaces", () => {
    assert.equal(
      plainText(
        "\u001b]8;;http://x\u0007link\u001b]8;;\u0007 \u001b[1;31mred\u001b[0m\u0007\u0008 a\tb\r\nc",
      ),
      "link red a\tb\nc",
    );
  });
});
