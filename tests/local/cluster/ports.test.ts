import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { choosePorts, PortInUse } from "../../../local/cluster/ports";
import { freePort } from "../../../local/daemon/free-port";

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
    const api = await freePort();
    const etcdPeer = await freePort([api]);
    writeFileSync(file, JSON.stringify({ api, etcd: taken, etcdPeer }));
    const ports = await choosePorts(file);
    assert.notEqual(ports.etcd, taken);
    assert.deepEqual([ports.api, ports.etcdPeer], [api, etcdPeer]);
  });

  it("are none that a connection to somewhere may have as its own when a killed server is started again", async () => {
    const ports = Object.values(await choosePorts(join(folder, "none.json")));
    assert.ok(
      ports.every((port) => port >= 20_000 && port < 32_768),
      ports.join(),
    );
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
