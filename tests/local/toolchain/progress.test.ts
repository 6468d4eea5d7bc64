import assert from "node:assert/strict";
import { mock } from "node:test";
import { type ProgressStream, stderrProgress } from "../../../local/progress";

describe("progress", () => {
  let written: string;
  let finish: () => void;
  let fail: (error: Error) => void;
  let report: (detail: string) => void;
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout", "setInterval", "Date"] });
    written = "";
  });
  afterEach(() => mock.timers.reset());

  function stream(terminal: boolean): ProgressStream {
    return {
      isTTY: terminal,
      columns: 40,
      write: (text: string) => {
        written += text;
      },
    };
  }

  function step(terminal: boolean): Promise<string> {
    return stderrProgress(stream(terminal)).step("building", (tell) => {
      report = tell;
      return new Promise<string>((resolve, reject) => {
        finish = () => resolve("result");
        fail = reject;
      });
    });
  }

  /** As much as a terminal would show at the end. */
  function screen(): string {
    const lines = written
      .split("\n")
      .map((line) => line.slice(line.lastIndexOf("\x1b[2K") + 1).replace("[2K", ""));
    return lines.join("\n");
  }

  it("says nothing about a step that ends within 2 s, and passes its result through", async () => {
    const result = step(false);
    mock.timers.tick(1_999);
    finish();
    assert.equal(await result, "result");
    assert.equal(written, "");
  });

  it("elsewhere than on a terminal writes a line at 2 s, then every 15 s, then the time taken", async () => {
    const result = step(false);
    mock.timers.tick(2_000);
    assert.equal(written, "building … 2 s\n");
    report("12 packages");
    mock.timers.tick(14_999);
    assert.equal(written, "building … 2 s\n");
    mock.timers.tick(1);
    assert.equal(written, "building … 2 s\nbuilding … 17 s (12 packages)\n");
    mock.timers.tick(3_000);
    finish();
    await result;
    assert.match(written, /\nbuilding: done in 20 s\n$/);
  });

  it("on a terminal keeps one line up to date, not wider than the terminal", async () => {
    const result = step(true);
    mock.timers.tick(2_000);
    report("x".repeat(100));
    mock.timers.tick(1_000);
    assert.equal(written.split("\n").length, 1);
    const painted = written.slice(written.lastIndexOf("\x1b[2K") + 4);
    assert.equal(painted.length, 39);
    assert.match(painted, /^building … 3 s \(x+$/);
    finish();
    await result;
    assert.equal(screen(), "building: done in 3 s\n");
  });

  it("passes an error through and says after which time", async () => {
    const result = step(false);
    mock.timers.tick(4_000);
    fail(new Error("broken"));
    await assert.rejects(result, /broken/);
    assert.match(written, /building: ended without success after 4 s\n$/);
  });

  it("on a terminal goes back to the outer step when the inner one has ended", async () => {
    const progress = stderrProgress(stream(true));
    let endInner = () => {};
    let endOuter = () => {};
    const waitInner = new Promise<void>((done) => {
      endInner = done;
    });
    const waitOuter = new Promise<void>((done) => {
      endOuter = done;
    });
    const outer = progress.step("outer", async () => {
      await progress.step("inner", () => waitInner);
      await waitOuter;
    });
    mock.timers.tick(3_000);
    endInner();
    await new Promise<void>((done) => setImmediate(done));
    assert.equal(screen(), "inner: done in 3 s\nouter … 3 s");
    endOuter();
    await outer;
    assert.equal(screen(), "inner: done in 3 s\nouter: done in 3 s\n");
  });
});
