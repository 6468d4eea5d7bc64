import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import { freePort } from "../../../local/daemon/free-port";
import { patience } from "../../../release/journal/blob-calls";
import { until } from "../../support/until";

const account = "switchyard";

/** Azurite's blob service on loopback, with an account key of its own: nobody else can use it. */
export class Azurite {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly url: string,
    private readonly credential: StorageSharedKeyCredential,
  ) {}

  static async start(): Promise<Azurite> {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-azurite-"));
    const port = await freePort();
    const key = randomBytes(64).toString("base64");
    const main = join(dirname(require.resolve("azurite/package.json")), "dist", "src", "blob", "main.js");
    const flags = ["--silent", "--inMemoryPersistence", "--skipApiVersionCheck", "--disableTelemetry"];
    const child = spawn(
      process.execPath,
      [main, "--blobHost", "127.0.0.1", "--blobPort", String(port), ...flags],
      {
        cwd: folder,
        env: { ...process.env, AZURITE_ACCOUNTS: `${account}:${key}` },
        stdio: "ignore",
      },
    );
    const url = `http://127.0.0.1:${port}/${account}`;
    const started = new Azurite(child, folder, url, new StorageSharedKeyCredential(account, key));
    await until("Azurite answers", () => {
      if (child.exitCode !== null) throw new Error(`Azurite ended with ${child.exitCode}`);
      return fetch(url).then(
        () => true,
        () => false,
      );
    });
    return started;
  }

  /** A new, empty container. */
  async container(): Promise<ContainerClient> {
    const container = this.client(`journals-${randomBytes(6).toString("hex")}`);
    await container.create();
    return container;
  }

  /**
   * A client of a container that is there, with connections of its own.
   *
   * @param origin of what stands between, such as `http://127.0.0.1:PORT`
   */
  client(name: string, origin?: string): ContainerClient {
    const url = origin === undefined ? this.url : `${origin}/${account}`;
    return new ContainerClient(`${url}/${name}`, this.credential, patience);
  }

  /** Answers nobody until `resume`. */
  pause(): void {
    this.child.kill("SIGSTOP");
  }

  resume(): void {
    this.child.kill("SIGCONT");
  }

  async stop(): Promise<void> {
    const ended = once(this.child, "exit");
    this.child.kill("SIGCONT");
    this.child.kill("SIGKILL");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
