import type { IncidentEvent } from "../../release/incident/events";
import { postMortemOf } from "../../release/incident/post-mortem";
import { incidentRecord, incidentRecordName, signedIncidentRecord } from "../../release/incident/record";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { recordPolicy } from "../records/record-keeper";
import { signerOfStack } from "../release/signer-of-stack";
import { openQuestions } from "./incident-document";
import {
  findIncident,
  type IncidentSession,
  type OpenedIncident,
  openSession,
  write,
} from "./incident-session";
import { askTerminal } from "./prompt";
import { statusText } from "./show-status";
import { requireOpen } from "./tell-incident";

export interface CloseOptions {
  readonly stack: string;
  readonly incident?: string;
  readonly rootCause?: string;
  readonly resolution?: string;
  readonly postMortemBy?: string;
}

/** Ends an incident: its root cause and resolution, its signed record, and its post-mortem as a follow-up. */
export async function closeIncident(
  context: CommandContext,
  system: string,
  options: CloseOptions,
): Promise<void> {
  const session = openSession(context, { system, stack: options.stack });
  const opened = await findIncident(session, options.incident);
  const { id, plan, state } = opened;
  requireOpen(id, state.closed !== undefined);
  const missing = openQuestions(plan, state).filter(({ blocking }) => blocking);
  if (missing.length > 0)
    throw new UserError(
      `${id} is not closed while these are unanswered: ${missing.map(({ name, question }) => `${name} (${question})`).join("; ")}`,
      {
        mend: `npx switchyard incident answer ${system} --entry ${missing[0]!.name} --value ANSWER${session.on}`,
      },
    );
  const rootCause = options.rootCause ?? (await askTerminal("Root cause?", context.signal));
  const resolution = options.resolution ?? (await askTerminal("Resolution?", context.signal));
  if (rootCause === undefined || resolution === undefined)
    throw new UserError("an incident is closed with its root cause and its resolution", {
      mend: "--root-cause TEXT --resolution TEXT",
    });
  const followUp = postMortemOf(plan, session.clock.now(), options.postMortemBy);
  const record = await keepRecord(session, opened, { rootCause, resolution });
  const events: readonly IncidentEvent[] = [
    ...(followUp === undefined ? [] : [followUp]),
    { event: "closed", by: session.actor, rootCause, resolution, record },
  ];
  context.out(statusText(session, { id, plan, state: await write(session, id, ...events) }));
}

/** Written once: one that was begun before is found. */
async function keepRecord(
  { context, stack, actor, clock }: IncidentSession,
  { id, plan, state }: OpenedIncident,
  words: { readonly rootCause: string; readonly resolution: string },
): Promise<string> {
  const { workspace } = context;
  const name = incidentRecordName(id);
  const { place } = recordPolicy({ workspace, stack, user: process.env });
  if ((await place.find(name)) !== undefined) return name;
  const record = incidentRecord(plan, state, { ...words, stack, closedBy: actor, now: clock.now() });
  await place.require();
  await place.add(
    name,
    await signedIncidentRecord(record, await signerOfStack(workspace, stack, process.env)),
  );
  return name;
}
