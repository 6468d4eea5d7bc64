import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { request } from "undici";

import writeFileAtomic = require("write-file-atomic");

import { PartProcess } from "../cluster/part-process";
import { freePort } from "../daemon/free-port";
import type { StartError } from "../daemon/spawn-daemon";
import { ClusterView } from "./cluster-view";
import { configurationText, serverUser, webConfigurationText } from "./configuration";
import { createFront, type ServerAddress } from "./front";
import { prometheusFiles } from "./paths";
import { type PodMonitor, targetsFileName } from "./pod-monitor";
import { targetsOf } from "./pod-targets";

const readyWithinMilliseconds = 60_000;
const pollMilliseconds = 100;
/** Several changes that come together are written once. */
const gatherMilliseconds = 100;
/** A series without a target ends after two scrapes; the server notices a file of targets within seconds. */
const leaveIntervals = 3;
const leaveMilliseconds = 6_000;
const endsBeforeGivingUp = 3;
const shownLogLines = 5;
/** A release looks back for hours at most, and dev is not where a history is kept. */
const retention = "12h";

export interface KeeperOptions {
  readonly stateDir: string;
  readonly binary: string;
  readonly kubeconfig: string;
  readonly intervalMilliseconds: number;
  readonly evaluationMilliseconds: number;
}

/** Prometheus cannot be started, for the reason given. */
export class StartFailed extends Error {
  override readonly name = "StartFailed";
  constructor(readonly reason: StartError) {
    super(reason.message);
  }
}

/**
 * Keeps one Prometheus for the local cluster: writes its configuration from the PodMonitors that are there, its targets
 * from the pods, starts it again when it ends, and stands before it.
 */
export class Keeper {
  readonly token = randomBytes(32).toString("base64url");
  readonly #files;
  readonly #view: ClusterView;
  readonly #password = randomBytes(24).toString("base64url");
  readonly #written = new Map<string, string>();
  #server: PartProcess<"prometheus"> | undefined;
  #address: ServerAddress | undefined;
  #timer: NodeJS.Timeout | undefined;
  #front = "";

  /** By uid; `until` for one that went. */
  readonly #known = new Map<string, { readonly monitor: PodMonitor; readonly until?: number }>();
  #leaving: NodeJS.Timeout | undefined;

  constructor(readonly options: KeeperOptions) {
    this.#files = prometheusFiles(options.stateDir);
    this.#view = new ClusterView({
      stateDir: options.stateDir,
      kubeconfig: options.kubeconfig,
      onChange: () => this.#changed(),
    });
  }

  /** @returns where its API answers @throws StartFailed */
  async start(): Promise<string> {
    const { folder, targets, data, webConfiguration } = this.#files;
    for (const each of [folder, targets, data]) mkdirSync(each, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(targets)) rmSync(join(targets, name));
    const front = createFront({ token: this.token, cluster: this.#view, server: () => this.#address });
    await new Promise<void>((resolve, reject) => {
      front.once("error", reject);
      front.listen(0, "127.0.0.1", resolve);
    });
    this.#front = `127.0.0.1:${(front.address() as AddressInfo).port}`;
    void this.#view.run();
    await this.#until("the local cluster says what is on it", () => this.#view.complete);
    await writeFileAtomic(webConfiguration, webConfigurationText(this.#password), { mode: 0o600 });
    this.#write();
    await this.#startServer();
    return `http://${this.#front}`;
  }

  async stop(): Promise<void> {
    this.#view.stop();
    clearTimeout(this.#timer);
    clearTimeout(this.#leaving);
    await this.#server?.stop();
  }

  async #startServer(): Promise<void> {
    const port = await freePort();
    const login = Buffer.from(`${serverUser}:${this.#password}`).toString("base64");
    const address = { port, authorization: `Basic ${login}` };
    const { folder, configuration, webConfiguration, data, server, serverLog } = this.#files;
    this.#server = new PartProcess(
      {
        name: "prometheus",
        command: this.options.binary,
        environment: { GOGC: "50" },
        argv: [
          `--config.file=${configuration}`,
          `--web.config.file=${webConfiguration}`,
          `--web.listen-address=127.0.0.1:${port}`,
          "--web.enable-lifecycle",
          `--storage.tsdb.path=${data}`,
          `--storage.tsdb.retention.time=${retention}`,
          "--query.max-concurrency=4",
          "--log.level=warn",
        ],
      },
      {
        cwd: folder,
        logFile: serverLog,
        onChange: () => {
          const record = this.#server?.record;
          if (record) writeFileAtomic.sync(server, JSON.stringify(record), { mode: 0o600 });
        },
      },
    );
    this.#server.start();
    await this.#until(
      "Prometheus is ready",
      async () => (await this.#call(address, "GET", "/-/ready")) === 200,
    );
    this.#address = address;
    // What has changed since the first writing.
    this.#changed();
  }

  #changed(): void {
    if (this.#address === undefined) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      try {
        if (this.#write()) void this.#reload();
      } catch (error) {
        console.error(`${new Date().toISOString()} not written: ${(error as Error).message}`);
      }
    }, gatherMilliseconds);
  }

  /** @returns whether the configuration is another one; targets are noticed by the server itself */
  #write(): boolean {
    const { seenPods } = this.#view;
    const leaving = this.#leavingMonitors();
    const monitors = [...this.#view.monitors, ...leaving];
    const { targets, configuration } = this.#files;
    const wanted = new Map<string, string>();
    for (const monitor of monitors) {
      for (const [index, endpoint] of (monitor.spec.podMetricsEndpoints ?? []).entries()) {
        const own = leaving.includes(monitor) ? [] : targetsOf(monitor, endpoint, seenPods);
        wanted.set(join(targets, targetsFileName(monitor, index)), JSON.stringify(own));
      }
    }
    for (const [file, text] of wanted) this.#writeFile(file, text);
    const { intervalMilliseconds, evaluationMilliseconds } = this.options;
    const keeper = { host: this.#front, token: this.token };
    const changed = this.#writeFile(
      configuration,
      configurationText({
        monitors: monitors.sort((left, right) => (left.metadata.uid < right.metadata.uid ? -1 : 1)),
        files: this.#files,
        intervalMilliseconds,
        evaluationMilliseconds,
        keeper,
      }),
    );
    for (const file of [...this.#written.keys()]) {
      if (file === configuration || wanted.has(file)) continue;
      rmSync(file, { force: true });
      this.#written.delete(file);
    }
    return changed;
  }

  /**
   * Monitors that went, for as long as Prometheus needs to end their series: a job that is taken away at once leaves them
   * as they were for five minutes.
   */
  #leavingMonitors(): readonly PodMonitor[] {
    const { monitors } = this.#view;
    const there = new Set(monitors.map(({ metadata }) => metadata.uid));
    const now = Date.now();
    for (const [uid, { monitor, until }] of this.#known) {
      if (there.has(uid)) continue;
      const ends = until ?? now + leaveIntervals * this.options.intervalMilliseconds + leaveMilliseconds;
      if (ends <= now) this.#known.delete(uid);
      else this.#known.set(uid, { monitor, until: ends });
    }
    for (const monitor of monitors) this.#known.set(monitor.metadata.uid, { monitor });
    const leaving = [...this.#known.values()].flatMap(({ monitor, until }) =>
      until === undefined ? [] : [{ monitor, until }],
    );
    clearTimeout(this.#leaving);
    if (leaving.length > 0) {
      const soonest = Math.min(...leaving.map(({ until }) => until));
      this.#leaving = setTimeout(() => this.#changed(), Math.max(soonest - now, 1));
    }
    return leaving.map(({ monitor }) => monitor);
  }

  #writeFile(file: string, text: string): boolean {
    if (this.#written.get(file) === text) return false;
    writeFileAtomic.sync(file, text, { mode: 0o600 });
    this.#written.set(file, text);
    return true;
  }

  async #reload(): Promise<void> {
    const address = this.#address;
    if (address === undefined) return;
    const status = await this.#call(address, "POST", "/-/reload").catch((error: Error) => error.message);
    // The server goes on with what it had, and has said in its own log what is wrong with the new one.
    if (status !== 200)
      console.error(`${new Date().toISOString()} the new configuration was refused: ${status}`);
  }

  async #call({ port, authorization }: ServerAddress, method: "GET" | "POST", path: string): Promise<number> {
    const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { authorization },
      signal: AbortSignal.timeout(10_000),
    });
    await body.dump();
    return statusCode;
  }

  async #until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + readyWithinMilliseconds;
    for (;;) {
      let reason = "";
      try {
        if (await condition()) return;
      } catch (error) {
        reason = ` (${(error as Error).message})`;
      }
      const log = () =>
        this.#server?.logTail().trim().split("\n").slice(-shownLogLines).join("\n  ") ?? "its log is empty";
      if ((this.#server?.restarts ?? 0) >= endsBeforeGivingUp) {
        throw new StartFailed({ message: `Prometheus does not stay up; the end of its log:\n  ${log()}` });
      }
      if (Date.now() > deadline) {
        throw new StartFailed({
          message: `not within ${readyWithinMilliseconds / 1000} s: ${what}${reason}`,
        });
      }
      await wait(pollMilliseconds);
    }
  }
}
