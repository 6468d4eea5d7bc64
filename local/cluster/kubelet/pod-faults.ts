import { randomBytes } from "node:crypto";

import writeFileAtomic = require("write-file-atomic");

import { z } from "zod";
import { readRecord } from "../../daemon/read-record";
import type { Pod } from "./pod";
import { parseSelector } from "./selector";

const behaviour = {
  /** Share of requests that fail. */
  errorRate: z.number().min(0).max(1).optional(),
  errorStatus: z.int().min(400).max(599).optional(),
  latencyMilliseconds: z.number().nonnegative().optional(),
  startDelaySeconds: z.number().nonnegative().optional(),
  /** Answers 503 to its readiness probe. */
  notReady: z.literal(true).optional(),
  /** Ends with exit code 1 now and after each start. */
  crash: z.literal(true).optional(),
  imagePullError: z.literal(true).optional(),
  /** Of the pods of Jobs. */
  exitCode: z.int().min(0).max(255).optional(),
};

const newFault = z.strictObject({
  namespace: z.string().min(1),
  /** Labels, as `kubectl -l` takes them. */
  selector: z.string(),
  ...behaviour,
});

/** How pods misbehave on demand: those that match now, and those that come later. */
export type NewPodFault = z.infer<typeof newFault>;
export type PodFault = NewPodFault & { readonly id: string };
/** What the faults that hit one pod come to. */
export type FaultyBehaviour = Omit<NewPodFault, "namespace" | "selector">;

/** Faults of pods, kept in a file so that they outlive a crash of the kubelet. */
export class PodFaults {
  #faults: PodFault[];

  constructor(readonly file: string) {
    this.#faults = readRecord<PodFault[]>(file) ?? [];
  }

  get all(): readonly PodFault[] {
    return this.#faults;
  }

  /** @throws ZodError or SelectorError when it is not as it should be */
  async add(input: unknown): Promise<PodFault> {
    const parsed = newFault.parse(input);
    parseSelector(parsed.selector);
    const fault = { id: randomBytes(4).toString("hex"), ...parsed };
    this.#faults = [...this.#faults, fault];
    await this.#save();
    return fault;
  }

  /** @returns how many were cleared */
  async clear(): Promise<number> {
    const cleared = this.#faults.length;
    this.#faults = [];
    await this.#save();
    return cleared;
  }

  /** Of two faults that say the same thing differently the later one counts. */
  of({ metadata }: Pod): FaultyBehaviour {
    const hits = this.#faults.filter(
      ({ namespace, selector }) =>
        namespace === metadata.namespace && parseSelector(selector)(metadata.labels ?? {}),
    );
    return Object.assign({}, ...hits.map(({ id: _, namespace: __, selector: ___, ...rest }) => rest));
  }

  #save(): Promise<void> {
    return writeFileAtomic(this.file, JSON.stringify(this.#faults, null, 1), { mode: 0o600 });
  }
}
