import assert from "node:assert/strict";
import { once } from "node:events";
import { sideBySide } from "../../local/side-by-side";

/** Work that goes on until it is told to stop. */
const endless = (ended: string[], name: string) => async (signal: AbortSignal) => {
  if (!signal.aborted) await once(signal, "abort");
  await new Promise((resolve) => setImmediate(resolve));
  ended.push(name);
  throw new Error(`${name} was stopped`);
};

describe("work side by side", () => {
  it("is begun all at once, and its results are in order", async () => {
    let begun = 0;
    const work =
      <T>(result: T) =>
      async () => {
        begun++;
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(begun, 2);
        return result;
      };
    const [text, number] = await sideBySide(undefined, work("a"), work(1));
    assert.deepEqual([text, number], ["a", 1]);
  });

  it("is stopped and waited for when one of it fails, whose error is thrown", async () => {
    const ended: string[] = [];
    const failing = () => Promise.reject(new Error("no disk"));
    await assert.rejects(
      sideBySide(undefined, endless(ended, "one"), failing, endless(ended, "two")),
      /no disk/,
    );
    assert.deepEqual(ended, ["one", "two"]);
  });

  it("is stopped by the signal from outside", async () => {
    const ended: string[] = [];
    const outside = new AbortController();
    const stopped = sideBySide(outside.signal, endless(ended, "one"), endless(ended, "two"));
    outside.abort();
    await assert.rejects(stopped, /one was stopped/);
    assert.deepEqual(ended, ["one", "two"]);
  });
});
