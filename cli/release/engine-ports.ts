import { otherActions } from "../../release/actions/other-actions";
import { purger } from "../../release/actions/purge";
import { restarter } from "../../release/actions/restart";
import { tagger } from "../../release/actions/tag";
import { workflowStarter } from "../../release/actions/workflow";
import { writerOf } from "../../release/actions/write-record";
import { fill } from "../../release/engine/actions";
import type { Clock } from "../../release/engine/clock";
import type { EngineParts } from "../../release/engine/parts";
import type { Journal } from "../../release/journal/journal";
import { teller } from "../../release/messages/tell";
import { publisher } from "../../release/records/published";
import { recorder } from "../../release/records/recorder";
import { releaseFields } from "../../release/records/release-fields";
import { keyWords } from "../attest/named-key";
import { trustsOwnKey } from "../attest/own-trust";
import { trustedKeys } from "../attest/trusted-keys";
import type { CommandContext } from "../context";
import { recordPolicy } from "../records/record-keeper";
import { isLocalStack } from "../stack-files";
import { type Brought, withCommits } from "./commits";
import { evidenceFinder } from "./find-evidence";
import { evidenceOfFinished } from "./finished-evidence";
import { knownFields } from "./known-fields";
import type { LoadedRelease } from "./load-release";
import { localUpdater } from "./local-update";
import { peopleOfStack, trustAndEvidence } from "./people-of-stack";
import { signerOfStack } from "./signer-of-stack";
import { snapshotFields } from "./snapshot-fields";
import { decryptedBy, settingOf } from "./stack-setting";

export interface EnginePortsArgs {
  readonly context: CommandContext;
  readonly release: Omit<LoadedRelease, "observed">;
  readonly releaseId: string;
  /** What the release wrote down so far: records and messages tell of it. */
  readonly journal: Pick<Journal, "read">;
  readonly clock: Clock;
  /** Commit of the version, which its tag names. */
  readonly commit: string | undefined;
  /** Whether the release deploys something. @default true */
  readonly deploys?: boolean;
  /** Commits that it brings, for records and messages. @default nobody knows */
  brought?(): Promise<Brought>;
}

export type EnginePorts = Pick<EngineParts, "people" | "evidence" | "tell" | "record" | "other">;

/** Kinds of records that are written when a release has finished. */
const endings: readonly string[] = ["history", "attestation"];

/** What a release asks of people and of the services around it: nothing of it measures, moves traffic or holds data. */
export function enginePorts(args: EnginePortsArgs): EnginePorts {
  const { context, release, releaseId, journal, clock, commit, deploys = true } = args;
  const { stack, surroundings, facts, contract } = release;
  const { workspace, signal } = context;
  const now = () => clock.now();
  let brought: Promise<Brought> | undefined;
  const known = async () => {
    const fields = releaseFields(await journal.read(), now());
    brought ??= args.brought?.() ?? Promise.resolve({});
    const changes = withCommits(fields.changes ?? "", await brought);
    return {
      ...knownFields({ workspace, stack, system: contract.system, user: process.env }),
      ...fields,
      changes,
      // Until it goes back its notes are what it brings.
      ...(fields.notes === fields.changes && { notes: changes }),
    };
  };
  const signer = () => signerOfStack(workspace, stack, process.env);
  const publish = publisher({ surroundings, release: releaseId, signal });
  const finished = evidenceOfFinished({
    workspace,
    stack,
    user: process.env,
    records: () => journal.read(),
    signer,
    now,
  });
  const record = recorder({
    release: releaseId,
    stack,
    system: contract.system,
    store: () => recordPolicy({ workspace, stack, user: process.env }).place,
    signer,
    keys: () => trustedKeys(workspace, stack, "records"),
    moreFields: async (entry) => ({
      ...(await known()),
      ...(await snapshotFields(entry, { context, release, releaseId, now: now() })),
    }),
    publish: async (entry, fields) => ({
      ...(await publish(entry, fields)),
      // What is written at the end of a release says that it ended well, and so does its evidence.
      ...(fields.phase === "finish" && endings.includes(entry.kind) ? await finished() : {}),
    }),
    clock,
    signal,
  });
  return {
    people: peopleOfStack(workspace, stack, process.env),
    evidence: evidenceFinder(
      () => trustAndEvidence(workspace, stack, contract, process.env),
      now,
      trustsOwnKey(workspace, stack) ? "" : ` --key ${keyWords(release.environment)} --stack ${stack}`,
    ),
    tell: teller({
      surroundings,
      facts,
      release: releaseId,
      setting: settingOf(workspace, stack, decryptedBy(context, stack)),
      moreFields: known,
      now,
      signal,
    }),
    record,
    other: otherActions({
      restart: restarter({ surroundings, facts, release: releaseId, clock, signal }),
      purge: purger({ surroundings, facts, clock, signal }),
      tag: tagger({
        repository: workspace.root,
        environment: release.environment,
        commit,
        deploys,
        system: contract.system,
        signal,
        fill,
      }),
      workflow: isLocalStack(stack)
        ? localUpdater({ root: workspace.root, stack, signal })
        : workflowStarter({ surroundings, clock, signal, fill }),
      writeRecord: writerOf(contract, record),
    }),
  };
}
