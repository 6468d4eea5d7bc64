import assert from "node:assert/strict";
import { parseBackend, parseJobOutcome } from "../../../../local/cluster/kubelet/backend-annotation";

const fault = (parsed: object) => (parsed as { fault?: string }).fault ?? "";

describe("annotation of an emulated program", () => {
  it("may be absent: then it answers 200 to everything", () => {
    const parsed = parseBackend(undefined);
    assert.ok("value" in parsed);
    assert.deepEqual(
      [parsed.value.otherStatus, parsed.value.metricsPath, parsed.value.errorRate, parsed.value.ports],
      [200, "/metrics", 0, undefined],
    );
  });

  it("says what is wrong with it by the path of each value", () => {
    assert.match(fault(parseBackend("{")), /backend is no JSON/);
    const text = fault(parseBackend('{"errorRate":2,"prots":[1],"paths":{"x":{"status":99}}}'));
    for (const part of [/errorRate/, /prots/, /paths\.x/]) assert.match(text, part);
  });

  it("refuses buckets that do not rise and a name that is no metric's", () => {
    const metric = (more: object) =>
      JSON.stringify({ metrics: [{ name: "a_b", type: "histogram", ...more }] });
    assert.ok("value" in parseBackend(metric({})));
    assert.match(fault(parseBackend(metric({ buckets: [1, 1] }))), /buckets must rise/);
    assert.match(fault(parseBackend(metric({ name: "a-b" }))), /name/);
  });

  it("of a job has an exit code of one byte", () => {
    assert.deepEqual(parseJobOutcome(undefined), {
      value: { durationSeconds: 1, exitCode: 0, imagePullError: false },
    });
    assert.match(fault(parseJobOutcome('{"exitCode":256}')), /exitCode/);
  });
});
