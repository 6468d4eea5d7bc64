import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "../../../cli/records/record-keeper";
import { RecordKeeper } from "../../../cli/records/record-keeper";
import type { Workspace } from "../../../cli/workspace";
import type { EngineEvent } from "../../../reports/engine-event";
import type { PolicyVerdict } from "../../../reports/model";
import { root } from "../../support/root";

/** A project's folder with a stack file and a state folder of its own. */
export class RecordsProject {
  readonly workspace: Workspace;
  private clock = Date.parse("2026-11-21T10:00:00.000Z");

  constructor() {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-records-"));
    const stateDir = join(folder, "state");
    mkdirSync(stateDir, { mode: 0o700 });
    this.workspace = { root: folder, dist: join(root, "dist"), policyPack: join(root, "policies"), stateDir };
    this.stackFile("dev");
  }

  get folder(): string {
    return join(this.workspace.stateDir, "records");
  }

  stackFile(stack: string, config: Readonly<Record<string, unknown>> = {}): void {
    writeFileSync(join(this.workspace.root, `Pulumi.${stack}.yaml`), JSON.stringify({ config }));
  }

  open(stack = "dev", user: NodeJS.ProcessEnv = {}): Promise<RecordKeeper> {
    const now = () => {
      this.clock += 1000;
      return new Date(this.clock);
    };
    return RecordKeeper.open({ workspace: this.workspace, stack, user, now });
  }

  /** @returns names of the records, one per update */
  async updates(count: number): Promise<string[]> {
    const names: string[] = [];
    for (let index = 0; index < count; index++) names.push(await (await this.open()).end(outcome()));
    return names;
  }

  remove(): void {
    rmSync(this.workspace.root, { recursive: true, force: true });
  }
}

export const vaultUrn = "urn:pulumi:dev::switchyard::azure-native:keyvault:Vault::vault";

export function done(op: string, urn = vaultUrn, more: object = {}): EngineEvent {
  const metadata = { op, urn, type: urn.split("::")[2] ?? "", ...more };
  return { sequence: 1, timestamp: 1, resOutputsEvent: { metadata } } as EngineEvent;
}

export const verdict: PolicyVerdict = {
  rule: "vault-purge-protection",
  level: "mandatory",
  verdict: "pass",
  urn: vaultUrn,
  message: "",
};

export function judged(): EngineEvent {
  const summary = { policyPackName: "switchyard", policyPackVersion: "0.1.0", resourceUrn: vaultUrn };
  return { sequence: 2, timestamp: 1, policyAnalyzeSummaryEvent: summary };
}

export function outcome(change: Partial<Outcome> = {}): Outcome {
  return { result: "succeeded", events: [done("create"), judged()], policies: [verdict], ...change };
}
