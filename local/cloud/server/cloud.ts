import { LOCAL_SUBSCRIPTION_ID, LOCAL_TENANT_ID } from "../identity";
import {
  byArmId,
  type ComputeContext,
  idKey,
  type Json,
  nameOf,
  parentOf,
  parseArmId,
  type ResourceType,
  type StoredView,
} from "../resource-types";
import { ArmError } from "./arm-error";
import { Faults } from "./faults";
import { Operations } from "./operations";
import type { Store, StoredResource } from "./store";

export interface CloudSettings {
  /** How long a long-running operation takes. */
  operationMillis: number;
  /** What a PUT of a site does to the ramp rules it does not name. Azure's answer is not known here. */
  siteExperimentsOnPut: "keep" | "clear";
}

export const DEFAULT_SETTINGS: CloudSettings = { operationMillis: 40, siteExperimentsOnPut: "keep" };

/** What every part of the ARM endpoint works on. */
export class Cloud {
  readonly faults = new Faults();
  readonly operations: Operations;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    readonly store: Store,
    readonly settings: CloudSettings = { ...DEFAULT_SETTINGS },
  ) {
    this.operations = new Operations(this);
  }

  /** Changes happen one at a time: each sees the whole of the one before it. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = this.tail.then(work);
    this.tail = result.catch(() => undefined);
    return result;
  }

  now(): string {
    return new Date().toISOString();
  }

  /** @throws ArmError 400 for an id that is no resource of a known type */
  typeOf(id: string): ResourceType {
    const type = byArmId(id);
    if (type === undefined) {
      throw new ArmError(
        404,
        "InvalidResourceType",
        `The resource type of '${id}' is not known to the local cloud.`,
      );
    }
    return type;
  }

  lookUp(id: string): StoredView | undefined {
    const found = this.store.get(id);
    return found === undefined ? undefined : { id: found.id, body: found.body };
  }

  below(id: string): StoredView[] {
    return this.store.below(id).map((entry) => ({ id: entry.id, body: entry.body }));
  }

  /** Whether it is there, as itself or as a part that comes with its parent. */
  exists(id: string): boolean {
    if (idKey(id) === `/subscriptions/${LOCAL_SUBSCRIPTION_ID}` || this.store.get(id) !== undefined)
      return true;
    const parent = parentOf(id);
    const type = byArmId(id);
    const comesWithParent =
      type?.existsByDefault !== undefined || type?.spec.builtIn?.includes(nameOf(id)) === true;
    return comesWithParent && parent !== undefined && this.exists(parent);
  }

  computeContext(id: string, type: ResourceType, body: Json, previous: Json | undefined): ComputeContext {
    return {
      id,
      params: parseArmId(type, id)!,
      body,
      previous,
      tenantId: LOCAL_TENANT_ID,
      subscriptionId: LOCAL_SUBSCRIPTION_ID,
      secretFor: (purpose) => this.store.secretFor(id, purpose),
      guidFor: (purpose) => this.store.guidFor(id, purpose),
      lookUp: (other) => this.lookUp(other),
      now: () => this.now(),
    };
  }

  /** @throws ArmError 409 while an operation runs on the resource or on what holds it */
  refuseBusy(id: string): void {
    for (let at: string | undefined = id; at !== undefined; at = parentOf(at)) {
      const busy: StoredResource | undefined = this.store.get(at);
      if (busy?.operation !== undefined && this.store.operation(busy.operation)?.status === "InProgress") {
        throw new ArmError(
          409,
          "AnotherOperationInProgress",
          `Another operation (${busy.operation}) is in progress on '${at}'. Wait until it ends and try again.`,
          { headers: { "Retry-After": "1" } },
        );
      }
    }
  }
}
