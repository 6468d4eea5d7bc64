"use strict";

const quietMilliseconds = 2_000;
const repeatMilliseconds = 15_000;
const repaintMilliseconds = 1_000;

/**
 * Says what takes long: nothing for a step that ends within 2 s. On a terminal one line that is painted anew each
 * second; elsewhere a line at 2 s, then one every 15 s; in both cases a last line with the time taken.
 *
 * @param {{ write(text: string): unknown, isTTY?: boolean, columns?: number }} stream
 */
function createProgress(stream) {
  const terminal = stream.isTTY === true && process.env.TERM !== "dumb";
  /** Steps that have been mentioned and still run; the newest owns the terminal's line. */
  const shown = [];

  const say = (line) => stream.write(`${terminal ? "\r\x1b[2K" : ""}${line}\n`);
  const paint = () => {
    const newest = shown.at(-1);
    if (newest) stream.write(`\r\x1b[2K${newest().slice(0, (stream.columns || 80) - 1)}`);
  };

  async function step(title, work) {
    const started = Date.now();
    const elapsed = () => `${Math.round((Date.now() - started) / 1000)} s`;
    let detail = "";
    const line = () => `${title} … ${elapsed()}${detail === "" ? "" : ` (${detail})`}`;
    let timer = setTimeout(() => {
      shown.push(line);
      const mention = terminal ? paint : () => say(line());
      mention();
      timer = setInterval(mention, terminal ? repaintMilliseconds : repeatMilliseconds);
      timer.unref();
    }, quietMilliseconds);
    timer.unref();
    const end = (word) => {
      clearTimeout(timer);
      clearInterval(timer);
      const index = shown.indexOf(line);
      if (index < 0) return;
      shown.splice(index, 1);
      say(`${title}: ${word} ${elapsed()}`);
      if (terminal) paint();
    };
    try {
      const result = await work((text) => {
        detail = text;
      });
      end("done in");
      return result;
    } catch (error) {
      end("ended without success after");
      throw error;
    }
  }
  return { step };
}

module.exports = { createProgress };
