import { randomUUID } from "node:crypto";
import { LOCAL_SUBSCRIPTION_ID } from "../identity";
import type { Json } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import { removeTree } from "./remove-tree";
import { settled } from "./resource-state";
import type { OperationRecord, Store, StoredResource } from "./store";

const FOLDER = `/subscriptions/${LOCAL_SUBSCRIPTION_ID}/providers/Microsoft.Switchyard/locations/local`;
const PATH =
  /\/providers\/microsoft\.switchyard\/locations\/local\/(operationstatuses|operationresults)\/([0-9a-f-]+)$/i;
const RETAINED = 200;

/** What operations work on. */
interface OperationsHolder {
  readonly store: Store;
  /** `operationMillis`: how long a long-running operation takes. */
  readonly settings: { readonly operationMillis: number };
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  now(): string;
}

/**
 * Long-running operations. The record is on disk before the resource shows its first change, and the resource carries
 * the record's id until its last one, so that a crash at any point leaves something that the next start can finish.
 */
export class Operations {
  private readonly timers = new Map<string, NodeJS.Timeout>();

  constructor(private readonly cloud: OperationsHolder) {}

  /** Records the operation; `end` is called by a timer. */
  async begin(
    record: Pick<OperationRecord, "kind" | "resourceId" | "stuck" | "after" | "result">,
  ): Promise<OperationRecord> {
    const operation: OperationRecord = {
      id: randomUUID(),
      status: "InProgress",
      startedAt: this.cloud.now(),
      ...record,
    };
    await this.cloud.store.putOperation(operation);
    return operation;
  }

  /** Lets the operation run: it ends after the set time, or never when it is stuck. */
  run(operation: OperationRecord): void {
    if (operation.stuck) return;
    const timer = setTimeout(() => {
      this.timers.delete(operation.id);
      this.cloud
        .exclusive(() => this.end(operation))
        .catch((error: unknown) => this.report(operation, error));
    }, this.cloud.settings.operationMillis);
    this.timers.set(operation.id, timer);
  }

  /** A vault that is live and kept as deleted was caught half way: it is put back whole. */
  private async recoverDeleted(): Promise<void> {
    const { store } = this.cloud;
    for (const entry of store.allDeleted()) {
      if (store.get(entry.id) === undefined) continue;
      for (const resource of entry.resources)
        if (store.get(resource.id) === undefined) await store.put(resource);
      await store.removeDeleted(entry.id);
    }
  }

  /** Finishes what a crash or a stop interrupted; a stuck one is failed. */
  async recover(): Promise<void> {
    await this.recoverDeleted();
    for (const operation of this.cloud.store.allOperations()) {
      if (operation.status !== "InProgress") continue;
      const resource = this.cloud.store.get(operation.resourceId);
      const begun =
        operation.after !== undefined ||
        operation.result !== undefined ||
        resource?.operation === operation.id;
      if (operation.stuck)
        await this.fail(operation, "The local cloud was restarted while the operation hung.");
      else if (begun || operation.kind === "delete") await this.end(operation);
      else await this.fail(operation, "The local cloud ended before the operation changed anything.");
    }
  }

  /** Lets those that hang end as if they had not: the fault is gone. */
  async releaseStuck(): Promise<void> {
    for (const operation of this.cloud.store.allOperations())
      if (operation.status === "InProgress" && operation.stuck) await this.end(operation);
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.timers.clear();
  }

  private async end(operation: OperationRecord): Promise<void> {
    const { store } = this.cloud;
    if (operation.kind === "delete") await removeTree(this.cloud, operation.resourceId);
    else if (operation.after !== undefined) {
      for (const resource of operation.after) await store.put(resource);
    } else {
      const resource = store.get(operation.resourceId);
      if (resource?.operation === operation.id) await store.put(settled(resource, "Succeeded"));
    }
    const { after: _, ...rest } = operation;
    await store.putOperation({ ...rest, status: "Succeeded", endedAt: this.cloud.now() });
    await this.forgetOld();
  }

  private async fail(operation: OperationRecord, message: string): Promise<void> {
    const { store } = this.cloud;
    const resource = store.get(operation.resourceId);
    if (resource?.operation === operation.id) await store.put(settled(resource, "Failed"));
    const { after: _, ...rest } = operation;
    const error = { code: "OperationInterrupted", message };
    await store.putOperation({ ...rest, status: "Failed", endedAt: this.cloud.now(), error });
  }

  /** The end could not be written (a full disk): tried again, so that the operation does not hang for ever. */
  private report(operation: OperationRecord, error: unknown): void {
    console.error(
      `operation ${operation.id} of ${operation.resourceId} could not end: ${(error as Error).message}`,
    );
    const timer = setTimeout(() => this.run(operation), 1000);
    this.timers.set(operation.id, timer);
  }

  private async forgetOld(): Promise<void> {
    const ended = this.cloud.store.allOperations().filter((entry) => entry.status !== "InProgress");
    const excess = ended.sort((a, b) => (a.endedAt ?? "").localeCompare(b.endedAt ?? "")).slice(0, -RETAINED);
    for (const entry of excess) await this.cloud.store.removeOperation(entry.id);
  }

  /** Headers that tell a client where to ask. `Retry-After` in whole seconds, and exact in `x-ms-retry-after-ms`. */
  headers(operation: OperationRecord, base: string): Record<string, string> {
    const at = (kind: string) => `${base}${FOLDER}/${kind}/${operation.id}?api-version=2024-01-01`;
    return {
      "Azure-AsyncOperation": at("operationStatuses"),
      Location: at("operationResults"),
      "Retry-After": String(Math.ceil(this.cloud.settings.operationMillis / 1000)),
      "x-ms-retry-after-ms": String(Math.max(20, Math.min(this.cloud.settings.operationMillis, 1000))),
    };
  }

  /** Answers a poll; `undefined` when the path is none. */
  poll(path: string, base: string, render: (resource: StoredResource) => Json): ArmResponse | undefined {
    const match = PATH.exec(path);
    if (match === null) return undefined;
    const operation = this.cloud.store.operation(match[2]!);
    if (operation === undefined) {
      throw new ArmError(404, "OperationNotFound", `There is no operation '${match[2]}'.`);
    }
    const headers = operation.status === "InProgress" ? this.headers(operation, base) : {};
    if (match[1]!.toLowerCase() === "operationstatuses") {
      const { id, status, startedAt, endedAt, error, resourceId, result } = operation;
      const properties = status === "Succeeded" ? result : undefined;
      return {
        status: 200,
        headers,
        body: {
          id: path,
          name: id,
          status,
          startTime: startedAt,
          endTime: endedAt,
          error,
          resourceId,
          properties,
        },
      };
    }
    if (operation.status === "InProgress") return { status: 202, headers };
    if (operation.error !== undefined) throw new ArmError(409, operation.error.code, operation.error.message);
    if (operation.result !== undefined) return { status: 200, body: operation.result };
    const resource = this.cloud.store.get(operation.resourceId);
    return resource === undefined ? { status: 204 } : { status: 200, body: render(resource) };
  }
}
