import { strict as assert } from "node:assert";
import { parseEventLog } from "../../reports/engine-event";
import { buildReport } from "../../reports/from-events";
import { renderMarkdown } from "../../reports/markdown";
import { renderSarif } from "../../reports/sarif";
import { diagnostic, eventsOf, rules, step, urn, violation } from "./support/events";
import { reportOf } from "./support/sample";

describe("SARIF of more findings than viewers show", () => {
  it("leaves out what viewers refuse, and says how many", () => {
    const events = Array.from({ length: 25_010 }, (_, index) =>
      violation("tags", urn("a:b:C", String(index)), "broken", "advisory"),
    );
    const run = JSON.parse(renderSarif(reportOf({ events }), "0.1.0")) as {
      runs: {
        results: object[];
        invocations: { toolExecutionNotifications: { message: { text: string } }[] }[];
      }[];
    };
    assert.equal(run.runs[0]?.results.length, 25_000);
    assert.match(
      run.runs[0]?.invocations[0]?.toolExecutionNotifications.at(-1)?.message.text ?? "",
      /^10 of 25010 findings are left out/,
    );
  });
});

describe("Markdown of a large report", () => {
  it("stays below the limit with a body of 10 MB, messages of other alphabets and names of any length", () => {
    const events = Array.from({ length: 400 }, (_, index) => {
      const target = urn("a:b:C", `${"名".repeat(400)}${index}`);
      return [
        step("create", target),
        violation("vault-network", target, `規則 ${"漢字😀".repeat(3_000)}`),
        diagnostic("error", `${index} ${"é|".repeat(12_500)}`, target),
        diagnostic("warning", `${index} ${"<>".repeat(500)}`),
      ];
    }).flat();
    assert.ok(Buffer.byteLength(JSON.stringify(events)) > 10_000_000);
    const text = renderMarkdown(reportOf({ events, exitCode: 1 }));
    assert.ok(Buffer.byteLength(text) < 65_536, String(Buffer.byteLength(text)));
    assert.match(text, /Violations of mandatory policies \(400\)/);
    assert.equal(Buffer.from(text).toString(), text, "half a character at a cut");
  });
});

describe("a large event log", () => {
  it("of 10 MB becomes a report", () => {
    const one = eventsOf(2_000)
      .map((event) => `${JSON.stringify(event)}\n`)
      .join("");
    const log = one.repeat(Math.ceil(10_000_000 / one.length));
    const events = parseEventLog(log);
    assert.ok(log.length >= 10_000_000 && events.length > 10_000);
    const subject = { kind: "preview", stack: "dev", offline: false } as const;
    assert.equal(buildReport({ subject, events, exitCode: 0, rules }).resources.length, 2_000);
  });
});
