import assert from "node:assert/strict";
import { randomInt } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePorts, PortInUse } from "../../../local/cluster/ports";

describe("ports of the local cluster", () => {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-ports-"));
  const file = join(folder, "ports.json");
  let blocker: Server;
  let taken: number;
  before(async () => {
    blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, "127.0.0.1", resolve));
    taken = (blocker.address() as AddressInfo).port;
  });
  after(() => {
    blocker.close();
    rmSync(folder, { recursive: true });
  });

  it("are three different ones, and the same at the next start", async () => {
    const first = await choosePorts(file);
    assert.equal(new Set(Object.values(first)).size, 3);
    writeFileSync(file, JSON.stringify(first));
    assert.deepEqual(await choosePorts(file), first);
  });

  it("give way one by one when another process has taken them", async () => {
    // The system gives none of these to a process that asks for any, as those of other tests do.
    const [api, etcdPeer] = await Promise.all([freeBetween(20_000, 25_000), freeBetween(25_000, 30_000)]);
    writeFileSync(file, JSON.stringify({ api, etcd: taken, etcdPeer }));
    const ports = await choosePorts(file);
    assert.notEqual(ports.etcd, taken);
    assert.deepEqual([ports.api, ports.etcdPeer], [api, etcdPeer]);
  });

  it("are chosen anew when the file was cut off", async () => {
    writeFileSync(file, '{"api": 12');
    assert.equal(new Set(Object.values(await choosePorts(file))).size, 3);
  });

  it("that the user asks for is refused by its number when it is taken", async () => {
    await assert.rejects(choosePorts(file, taken), (error: unknown) => {
      assert.ok(error instanceof PortInUse);
      assert.match(error.message, new RegExp(`port ${taken} on 127\\.0\\.0\\.1 is in use`));
      return true;
    });
  });
});

async function freeBetween(lowest: number, beyond: number): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, beyond);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
