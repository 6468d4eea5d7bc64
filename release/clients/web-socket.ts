import { randomBytes } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Duplex } from "node:stream";

/** Of RFC 6455, 5.2 and 5.5. */
const opcodes = { close: 0x8, ping: 0x9, pong: 0xa } as const;
const lastFrame = 0x80;
const masked = 0x80;

/**
 * Leaves an accepted WebSocket open, and closes it then.
 *
 * @param head what came with the answer to the handshake
 * @returns milliseconds after which the other side ended it, or undefined when it stayed open
 * @throws the signal's reason
 */
export async function stayedOpen(
  socket: Duplex,
  head: Buffer,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<number | undefined> {
  const began = performance.now();
  const frames = new Frames();
  let timer: NodeJS.Timeout | undefined;
  let leave = () => {};
  try {
    return await new Promise<number | undefined>((resolve, reject) => {
      const ended = () => resolve(performance.now() - began);
      const take = (data: Buffer) => {
        for (const { opcode, payload } of frames.take(data)) {
          if (opcode === opcodes.close) ended();
          if (opcode === opcodes.ping) socket.write(frame(opcodes.pong, payload));
        }
      };
      leave = () => reject(signal?.reason);
      signal?.addEventListener("abort", leave, { once: true });
      if (signal?.aborted) return leave();
      socket.on("error", ended);
      if (milliseconds <= 0) return resolve(undefined);
      socket.on("end", ended);
      socket.on("close", ended);
      timer = setTimeout(() => resolve(undefined), milliseconds);
      socket.on("data", take);
      take(head);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", leave);
    if (milliseconds > 0 && socket.writable) socket.write(frame(opcodes.close, Buffer.alloc(0)));
    socket.destroy();
  }
}

/** A frame as a client sends it: masked, and short enough for a control frame. */
function frame(opcode: number, payload: Buffer): Buffer {
  const mask = randomBytes(4);
  const hidden = payload.map((byte, index) => byte ^ mask[index % mask.length]!);
  return Buffer.concat([Buffer.from([lastFrame | opcode, masked | payload.length]), mask, hidden]);
}

/** Cuts what a server sends into frames; it masks none. */
class Frames {
  #rest = Buffer.alloc(0);

  take(data: Buffer): readonly { readonly opcode: number; readonly payload: Buffer }[] {
    this.#rest = Buffer.concat([this.#rest, data]);
    const frames: { opcode: number; payload: Buffer }[] = [];
    for (;;) {
      const cut = this.#cut();
      if (cut === undefined) return frames;
      frames.push(cut);
    }
  }

  /** @returns undefined while the first frame is not there whole */
  #cut(): { opcode: number; payload: Buffer } | undefined {
    const [first, second] = this.#rest;
    if (first === undefined || second === undefined) return undefined;
    const short = second & 0x7f;
    const from = short === 126 ? 4 : short === 127 ? 10 : 2;
    if (this.#rest.length < from) return undefined;
    const length =
      short === 126
        ? this.#rest.readUInt16BE(2)
        : short === 127
          ? Number(this.#rest.readBigUInt64BE(2))
          : short;
    if (this.#rest.length < from + length) return undefined;
    const payload = this.#rest.subarray(from, from + length);
    this.#rest = this.#rest.subarray(from + length);
    return { opcode: first & 0x0f, payload };
  }
}
