import assert from "node:assert/strict";
import { deflateRawSync } from "node:zlib";
import { appFile, PackageFault, readPackage } from "../../../local/traffic/sites/app-package";
import { ZipFault } from "../../../local/traffic/sites/zip";

/** A zip of one file. */
function zip(name: string, content: string, method: 0 | 8): Buffer {
  const data = method === 8 ? deflateRawSync(content) : Buffer.from(content);
  const label = Buffer.from(name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt16LE(label.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(method, 10);
  entry.writeUInt32LE(data.length, 20);
  entry.writeUInt16LE(label.length, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(header.length + label.length + data.length, 16);
  return Buffer.concat([header, label, data, entry, label, end]);
}

describe("package of a site", () => {
  const app = JSON.stringify({ version: "1.2.3", paths: { "/health": { body: { ok: true } } } });

  for (const [what, bytes] of [
    ["the file alone", Buffer.from(app)],
    ["a zip that stores it", zip(appFile, app, 0)],
    ["a zip that deflates it", zip(appFile, app, 8)],
  ] as const) {
    it(`is read from ${what}`, () => {
      const read = readPackage(bytes);
      assert.equal(read.app.version, "1.2.3");
      assert.deepEqual(read.app.paths["/health"], { status: 200, body: { ok: true }, headers: {} });
      assert.match(read.digest, /^sha256:[0-9a-f]{64}$/);
    });
  }

  const whole = zip(appFile, app, 8);
  for (const [what, bytes, fault] of [
    ["no JSON", Buffer.from("<html>"), PackageFault],
    ["another key", Buffer.from('{"version":"1","pathes":{}}'), PackageFault],
    ["no version", Buffer.from("{}"), PackageFault],
    ["a zip without the file", zip("other.json", app, 0), PackageFault],
    ["a zip that was cut off", whole.subarray(0, whole.length - 30), ZipFault],
    ["a file that unpacks to more than is allowed", zip(appFile, " ".repeat(5 * 1024 * 1024), 8), ZipFault],
  ] as const) {
    it(`is refused with ${what}`, () => assert.throws(() => readPackage(bytes), fault));
  }
});
