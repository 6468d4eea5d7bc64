import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";

import writeFileAtomic = require("write-file-atomic");

import type { StartError } from "../daemon/spawn-daemon";
import { ApiClient, ApiError } from "./api-client";
import { grantRights } from "./bootstrap";
import { type CertificateFiles, type CertificateName, makeCertificates } from "./certificates";
import { installCustomResources } from "./custom-resources";
import { type ClusterAccess, kubeconfigText } from "./kubeconfig";
import { nodeName } from "./kubelet/node";
import { PartProcess } from "./part-process";
import { type ControlPlaneBinaries, type PartName, partCommands } from "./parts";
import { type ClusterFiles, clusterFiles } from "./paths";
import { hasClusterData, plantSeed } from "./plant-seed";
import { choosePorts } from "./ports";
import { databaseFull, startFailure } from "./start-failure";

const readyWithinMilliseconds = 90_000;
const pollMilliseconds = 50;
/** A part that ended so often before the cluster was ready will not stay up. */
const endsBeforeGivingUp = 4;
const shownLogLines = 5;

/** The cluster cannot be started, for the reason in `cause`. */
export class StartFailed extends Error {
  override readonly name = "StartFailed";
  constructor(readonly reason: StartError) {
    super(reason.message);
  }
}

export interface SupervisorOptions {
  readonly stateDir: string;
  readonly binaries: ControlPlaneBinaries;
  /** File with a JSON array of custom resource definitions. */
  readonly customResources: string;
  readonly apiPort?: number | undefined;
  /** Folder that `ensureSeed` gave: what a cluster without data begins with. @default - nothing */
  readonly seed?: string | undefined;
  /** Nobody binds or runs pods. @default false */
  readonly withoutKubelet?: boolean | undefined;
}

/** Runs the parts of one cluster and starts again each that ends. */
export class Supervisor {
  readonly #files: ClusterFiles;
  readonly #parts = new Map<PartName, PartProcess>();
  #stopping = false;

  constructor(readonly options: SupervisorOptions) {
    this.#files = clusterFiles(options.stateDir);
  }

  /** Starts everything. @returns once the API server answers, rights and definitions are there and the node is ready */
  async start(): Promise<{ server: string; certificatesExpireAt: string }> {
    const files = this.#files;
    const { stateDir, binaries, apiPort, customResources, seed, withoutKubelet = false } = this.options;
    mkdirSync(files.folder, { recursive: true, mode: 0o700 });
    if (seed !== undefined && !hasClusterData(stateDir)) await plantSeed(seed, stateDir);
    for (const folder of [files.etcdData, files.logs]) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    }
    const ports = await choosePorts(files.ports, apiPort);
    await writeFileAtomic(files.ports, JSON.stringify(ports), { mode: 0o600 });
    const certificates = await makeCertificates(files.certificates);
    const server = `https://127.0.0.1:${ports.api}`;
    for (const name of ["kube-controller-manager", "kubelet"] as const) {
      const file = join(files.certificates, `${name}.kubeconfig`);
      writeFileSync(file, kubeconfigText(access(server, certificates, name)), { mode: 0o600 });
    }
    const admin = access(server, certificates, "admin");
    await writeFileAtomic(files.kubeconfig, kubeconfigText(admin), { mode: 0o600 });

    for (const command of partCommands({ binaries, files, certificates, ports, stateDir })) {
      const logFile = files.partLog(command.name);
      const onChange = () => this.#recordParts();
      this.#parts.set(command.name, new PartProcess(command, { cwd: files.folder, logFile, onChange }));
    }
    for (const name of ["etcd", "kube-apiserver"] as const) this.#part(name).start();
    const api = new ApiClient(admin);
    try {
      await this.#until("the API server answers", () =>
        api.call("GET", "/readyz", { timeoutMilliseconds: 2_000 }),
      );
      // Earlier ones would give up and be started again for as long as the server is not there.
      this.#part("kube-controller-manager").start();
      await this.#until("rights are granted", () => grantRights(api));
      if (!withoutKubelet) this.#part("kubelet").start();
      await this.#until("custom resources are served", () =>
        installCustomResources(api, customResources, files.customResources),
      );
      if (!withoutKubelet) await this.#until("the node is ready", () => requireNode(api));
    } finally {
      await api.close();
    }
    return { server, certificatesExpireAt: certificates.expiresAt };
  }

  #part(name: PartName): PartProcess {
    return this.#parts.get(name)!;
  }

  #until(what: string, attempt: () => Promise<unknown>): Promise<void> {
    return untilItWorks(what, attempt, () => this.#requireParts());
  }

  #requireParts(): void {
    for (const [name, part] of this.#parts) {
      if (part.restarts < endsBeforeGivingUp) continue;
      const log = part.logTail();
      const lines = log.trim().split("\n").slice(-shownLogLines).join("\n  ");
      const reason = startFailure(name, log);
      throw new StartFailed(
        reason ?? { message: `${name} does not stay up; the end of its log:\n  ${lines}` },
      );
    }
  }

  /** Ends all parts; the API server goes before etcd, so that nothing is lost on the way. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all([
      this.#parts.get("kubelet")?.stop(),
      this.#parts.get("kube-controller-manager")?.stop(),
    ]);
    await this.#parts.get("kube-apiserver")?.stop();
    await this.#parts.get("etcd")?.stop();
  }

  /** Written at once: a supervisor that is killed the next moment must not leave a process that nobody knows. */
  #recordParts(): void {
    if (this.#stopping) return;
    const records = [...this.#parts.values()].flatMap(({ record }) => record ?? []);
    try {
      writeFileAtomic.sync(this.#files.parts, JSON.stringify(records, null, 1), { mode: 0o600 });
    } catch (error) {
      // The folder was removed, which ends the supervisor, or the disk is full, which etcd will say.
      console.error(`the list of processes cannot be written: ${(error as Error).message}`);
    }
  }
}

/**
 * Tries until it works.
 *
 * @param requireParts throws when a part does not stay up
 * @throws StartFailed when it cannot work any more, or has not in time
 */
export async function untilItWorks(
  what: string,
  attempt: () => Promise<unknown>,
  requireParts: () => void,
): Promise<void> {
  const deadline = Date.now() + readyWithinMilliseconds;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      const full = databaseFull((error as Error).message);
      if (full !== undefined) throw new StartFailed(full);
      requireParts();
      if (Date.now() > deadline) {
        throw new StartFailed({
          message: `not within ${readyWithinMilliseconds / 1000} s: ${what} (${(error as Error).message})`,
        });
      }
    }
    await wait(pollMilliseconds);
  }
}

interface NodeObject {
  readonly status?: { readonly conditions?: readonly { type: string; status: string }[] };
}

async function requireNode(api: ApiClient): Promise<void> {
  const { status } = await api.call<NodeObject>("GET", `/api/v1/nodes/${nodeName}`);
  const ready = status?.conditions?.some((each) => each.type === "Ready" && each.status === "True");
  if (!ready) throw new ApiError(404, "NotReady", "the node is not ready");
}

function access(server: string, files: CertificateFiles, name: CertificateName): ClusterAccess {
  return {
    server,
    ca: readFileSync(files.ca, "utf8"),
    certificate: readFileSync(files.certificate(name), "utf8"),
    key: readFileSync(files.key(name), "utf8"),
  };
}
