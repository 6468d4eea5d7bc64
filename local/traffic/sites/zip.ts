import { inflateRawSync } from "node:zlib";

const localHeader = 0x04034b50;
const directoryEntry = 0x02014b50;
const directoryEnd = 0x06054b50;
const directoryEndBytes = 22;
const longestComment = 0xffff;
/** Of one file when it is unpacked: a description is small, and a bomb must not fill the memory. */
const largestFile = 4 * 1024 * 1024;

/** A zip that cannot be read. */
export class ZipFault extends Error {}

export function isZip(bytes: Buffer): boolean {
  return bytes.length >= directoryEndBytes && [localHeader, directoryEnd].includes(bytes.readUInt32LE(0));
}

/**
 * One file of a zip, stored or deflated (APPNOTE.TXT 4.3).
 *
 * @returns undefined when it is not in it
 * @throws ZipFault when the zip is cut off or uses what is not read here (encryption, ZIP64)
 */
export function fileInZip(bytes: Buffer, name: string): Buffer | undefined {
  try {
    return extract(bytes, name);
  } catch (error) {
    if (error instanceof RangeError) throw new ZipFault("the zip is cut off");
    throw error;
  }
}

function extract(bytes: Buffer, name: string): Buffer | undefined {
  const end = endOf(bytes);
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (bytes.readUInt32LE(at) !== directoryEntry) throw new ZipFault("the zip's directory is damaged");
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) =>
      bytes.readUInt16LE(at + field),
    );
    const found = bytes.toString("utf8", at + 46, at + 46 + nameLength!);
    if (found === name) return contentAt(bytes, at);
    at += 46 + nameLength! + extraLength! + commentLength!;
  }
  return undefined;
}

function endOf(bytes: Buffer): number {
  const lowest = Math.max(0, bytes.length - directoryEndBytes - longestComment);
  for (let at = bytes.length - directoryEndBytes; at >= lowest; at--) {
    if (bytes.readUInt32LE(at) === directoryEnd) return at;
  }
  throw new ZipFault("the zip has no directory");
}

function contentAt(bytes: Buffer, entry: number): Buffer {
  const method = bytes.readUInt16LE(entry + 10);
  const packedLength = bytes.readUInt32LE(entry + 20);
  const header = bytes.readUInt32LE(entry + 42);
  if ((bytes.readUInt16LE(entry + 8) & 1) === 1) throw new ZipFault("the zip is encrypted");
  const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
  const packed = bytes.subarray(start, start + packedLength);
  if (packed.length !== packedLength) throw new ZipFault("the zip is cut off");
  if (method === 0) return packed;
  if (method !== 8) throw new ZipFault(`the zip uses method ${method}; allowed: stored, deflated`);
  try {
    return inflateRawSync(packed, { maxOutputLength: largestFile });
  } catch (error) {
    throw new ZipFault(`the zip is damaged: ${(error as Error).message}`);
  }
}
