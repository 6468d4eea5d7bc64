import { join, resolve } from "node:path";
import { signPayload } from "../../attestation/dsse";
import type { Signer } from "../../attestation/keys";
import { statementPayloadType } from "../../attestation/statement";
import { recordsSetting } from "../../infra/config/common-settings";
import { parseStackName } from "../../infra/settings";
import { UserError } from "../../local/user-error";
import { AzureLogin } from "../../release/clients/azure-login";
import type { EngineEvent } from "../../reports/engine-event";
import type { PolicyVerdict } from "../../reports/model";
import { isLocalStack } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import { projectVersion, type Workspace } from "../workspace";
import { actorOf, commitOf } from "./actor";
import { headsOf, readRecords, updateOf, withoutEnd } from "./chain";
import { type ChangePredicate, changeStatement, recordDigest } from "./change-record";
import { changesOf, packVersionIn } from "./changes-of";
import { localSigner, operatorSigner } from "./operator-key";
import { policyDigest } from "./policy-digest";
import { RecordContainer } from "./record-container";
import { RecordFolder, type RecordPlace, recordName } from "./record-place";
import { markRunning, runningUpdates } from "./running-updates";

/** So many of the newest records are looked through for those that nothing follows. */
const lookedThrough = 50;
const yearMilliseconds = 365.25 * 24 * 3600 * 1000;

export interface RecordPolicy {
  readonly place: RecordPlace;
  readonly retentionYears: number;
}

/** What an update was, when it has ended. */
export interface Outcome {
  readonly result: Exclude<ChangePredicate["result"], "begun" | "cutOff">;
  readonly events: readonly EngineEvent[];
  readonly policies: readonly PolicyVerdict[];
}

export interface RecordOptions {
  readonly workspace: Workspace;
  readonly stack: string;
  readonly user: NodeJS.ProcessEnv;
  /** @default the clock */
  readonly now?: () => Date;
}

/**
 * Where the records of a stack are kept and for how long.
 *
 * @throws UserError when the stack does not say it, except dev, whose records lie with its state.
 */
export function recordPolicy({ workspace, stack, user }: RecordOptions): RecordPolicy {
  const given = readStackConfig(workspace, stack)["switchyard:records"];
  const local = isLocalStack(stack);
  if (given === undefined && local)
    return { place: new RecordFolder(join(workspace.stateDir, "records")), retentionYears: 7 };
  const parsed = recordsSetting.safeParse(given);
  if (
    !parsed.success ||
    /^<\s*owner/.test(parsed.data.location) ||
    (!local && !isAddress(parsed.data.location))
  ) {
    throw new UserError(
      `Stack ${stack} does not say where the record of a change is kept: switchyard:records.location is ${given === undefined ? "not set" : "no container"}.`,
      {
        mend: `pulumi config set --path switchyard:records.location https://ACCOUNT.blob.core.windows.net/CONTAINER --stack ${stack} (docs/records.md).`,
      },
    );
  }
  const { location, retentionYears } = parsed.data;
  const place = isAddress(location)
    ? new RecordContainer(location, new AzureLogin(user))
    : new RecordFolder(resolve(workspace.root, location));
  return { place, retentionYears };
}

function isAddress(location: string): boolean {
  return location.startsWith("https://");
}

/** Keeps the record of one update, from before anything changes to its end. */
export class RecordKeeper {
  private readonly startedAt: string;
  private noLongerRuns: () => Promise<void> = async () => {};

  private constructor(
    private readonly options: RecordOptions,
    private readonly policy: RecordPolicy,
    private readonly signer: Signer,
    private readonly now: () => Date,
  ) {
    this.startedAt = now().toISOString();
  }

  /** @throws UserError when key or place cannot be used: nothing is changed then. */
  static async open(options: RecordOptions): Promise<RecordKeeper> {
    const { workspace, stack, user, now = () => new Date() } = options;
    const policy = recordPolicy(options);
    const signer = isLocalStack(stack)
      ? localSigner(workspace)
      : await operatorSigner(parseStackName(stack).environment, user);
    await policy.place.require();
    return new RecordKeeper(options, policy, signer, now);
  }

  /**
   * Says that an update is about to begin: what is killed leaves that much. It also shows, before anything changes, that
   * key and place do what they are needed for.
   */
  async begin(): Promise<void> {
    const { workspace, user } = this.options;
    this.noLongerRuns = await markRunning(
      workspace,
      updateOf({ startedAt: this.startedAt, actor: actorOf(user) }),
    );
    await this.write({ result: "begun", events: [], policies: [] }, null);
  }

  /**
   * @returns name of the record
   * @throws UserError when it could not be kept; the update was made all the same
   */
  async end(outcome: Outcome): Promise<string> {
    try {
      const name = await this.write(outcome, this.now().toISOString());
      await this.noLongerRuns();
      return name;
    } catch (error) {
      if (!isUserError(error)) throw error;
      throw new UserError(
        `The update of ${this.options.stack} ended as "${outcome.result}", and its record could not be kept. ${error.message}`,
        {
          mend: `${error.mend ?? ""} Then bring the stack up again: that leaves a record, and this one's place stays empty.`.trim(),
          cause: error,
        },
      );
    }
  }

  /**
   * Ends the records of updates that began before this one and were killed. The engine lets one update of a stack change
   * anything at a time, so that nothing is said where this one changed nothing: then another may be under way.
   *
   * @param outcome of this update, which has ended
   * @returns what was done, a line each, for the user to read
   * @throws UserError when a record could not be kept
   */
  async closeCutOff({ result, events }: Outcome): Promise<readonly string[]> {
    const changed = events.some(({ resOutputsEvent }) => resOutputsEvent && !resOutputsEvent.planning);
    if (result !== "succeeded" && !changed) return [];
    const { workspace, stack, user } = this.options;
    const [records, running] = await Promise.all([
      readRecords(this.policy.place, stack, lookedThrough),
      runningUpdates(workspace),
    ]);
    const said: string[] = [];
    for (const { record } of withoutEnd(records)) {
      const { actor, startedAt, commit } = record.predicate;
      if (startedAt >= this.startedAt || running.has(updateOf(record.predicate))) continue;
      const name = await this.add({
        ...{ actor, startedAt, commit, result: "cutOff", closedBy: actorOf(user) },
        ...{ endedAt: this.now().toISOString(), policies: null, changes: changesOf([]) },
      });
      said.push(
        `record: ${name} ends that of the update which ${actor.name} (${actor.where}) began at ${startedAt} and which was cut off`,
      );
    }
    return said;
  }

  private async write(
    { result, events, policies }: Omit<Outcome, "result"> & Pick<ChangePredicate, "result">,
    endedAt: string | null,
  ): Promise<string> {
    const { workspace, user } = this.options;
    const pack = packVersionIn(events);
    const judged = pack !== undefined && policies.length > 0;
    return this.add({
      result,
      actor: actorOf(user),
      commit: await commitOf(workspace.root),
      startedAt: this.startedAt,
      endedAt,
      policies: judged ? { pack, digest: policyDigest(pack, policies), verdicts: policies.length } : null,
      changes: changesOf(events),
    });
  }

  /** Signs and keeps a record that follows all those that nothing follows. @returns its name */
  private async add(
    said: Omit<ChangePredicate, "stack" | "operation" | "tool" | "retainUntil" | "previous">,
  ): Promise<string> {
    const { workspace, stack } = this.options;
    const { place, retentionYears } = this.policy;
    const payload = Buffer.from(
      changeStatement({
        ...said,
        stack,
        operation: "up",
        tool: `switchyard ${projectVersion(workspace)}`,
        retainUntil: new Date(Date.parse(this.startedAt) + retentionYears * yearMilliseconds).toISOString(),
        previous: headsOf(await readRecords(place, stack, lookedThrough)),
      }),
    );
    const envelope = await signPayload(statementPayloadType, payload, [this.signer]);
    const name = recordName(said.endedAt ?? said.startedAt, stack, recordDigest(payload));
    await place.add(name, `${JSON.stringify(envelope)}\n`);
    return name;
  }
}

function isUserError(error: unknown): error is Error & { readonly mend?: string } {
  return error instanceof Error && error.name === "UserError";
}
