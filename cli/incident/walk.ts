import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UserError as LocalError } from "../../local/user-error";
import { incidentId } from "../../release/incident/book";
import { diagnose, lookAtGate } from "../../release/incident/diagnose";
import type { EventOf } from "../../release/incident/events";
import { planIncident } from "../../release/incident/plan";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { type LoadedSystem, loadSystem } from "../release/load-release";
import { isLocalStack } from "../stack-files";
import { diagnosingWorld } from "./diagnosing";
import { doOffers, wantedOffers } from "./do-offers";
import { incidentDocument } from "./incident-document";
import { carryOut, type IncidentSession, type OpenedIncident, openSession, write } from "./incident-session";
import { isLive, isUnfinished, releaseOfSystem, releaseWords } from "./release-of-system";
import { statusText } from "./show-status";

export type Severity = NonNullable<EventOf<"opened">["severity"]>;

export interface WalkOptions {
  readonly stack: string;
  readonly symptom?: string;
  readonly severity?: Severity;
  readonly summary?: string;
  readonly affected?: string;
  /** When the fault began. @default now */
  readonly since?: Date;
  /** Offered actions to do, by name; those alone, and nothing is asked again of what was asked. */
  readonly do: readonly string[];
  /** Confirms what `do` names, as the one whom the playbook wants to confirm it. */
  readonly yes: boolean;
  readonly reason?: string;
  /** What was done by hand, for an action that people do. */
  readonly done?: string;
  readonly speed?: number;
  readonly format: "text" | "json";
}

/** Opens an incident, or goes on with the one that is open; asks what its playbook asks, then offers what it offers. */
export async function walkIncident(
  context: CommandContext,
  system: string,
  options: WalkOptions,
): Promise<void> {
  const session = openSession(context, { system, stack: options.stack });
  const loaded = await loadSystem(context, { system, stack: options.stack });
  const opened = await openOrGoOn(session, options);
  const { id, plan } = opened;
  const release = await releaseOfSystem(session.store, system);
  context.say(`incident ${id} of ${system} on ${options.stack}: ${opened.state.opened.summary}`);
  context.say(releaseWords(release));
  if (isUnfinished(release) || isLive(release)) {
    const still = isLive(release) ? ", while the version before is still there" : "";
    context.say(
      `all traffic goes back with: npx switchyard release rollback ${system} --reason TEXT${session.on}${still}`,
    );
  }
  await carryOut(session, loaded, opened);
  if (options.do.length === 0) await diagnoseAll(session, loaded, opened);
  await doOffers(session, loaded, opened, options);
  const { state } = await carryOut(session, loaded, opened);
  context.out(
    options.format === "json"
      ? `${JSON.stringify(incidentDocument(plan, state), undefined, 2)}\n`
      : statusText(session, { id, plan, state }),
  );
}

/** One incident of a symptom is open at a time. */
async function openOrGoOn(session: IncidentSession, options: WalkOptions): Promise<OpenedIncident> {
  const { contract, environment, actor, book, clock, stack } = session;
  const { symptom, severity, speed } = options;
  if (speed !== undefined && !isLocalStack(stack))
    throw new UserError(`--speed rehearses, and ${stack} is no rehearsal`);
  const plan = planIncident(contract, environment, symptom);
  wantedOffers(plan.offers, options);
  const summary = options.summary ?? plan.playbook?.condition;
  const open = (await book.open()).filter(({ opened }) => opened.about === "incident");
  const before = open.find(({ opened }) => opened.symptom === symptom);
  if (before !== undefined) {
    const id = before.opened.incident;
    const changed = severity !== undefined && severity !== before.severity?.severity;
    const state = changed
      ? await write(session, id, { event: "severity", severity, by: actor, ...reasonOf(options) })
      : before;
    return { id, state, plan };
  }
  if (summary === undefined)
    throw new UserError("an incident begins with what is wrong", {
      mend: `--symptom S (npx switchyard incident ${contract.system} --list${session.on}), or --summary TEXT`,
    });
  const now = clock.now();
  const id = incidentId(now, randomBytes(2).toString("hex"));
  const { newest } = await releaseOfSystem(session.store, contract.system);
  const state = await write(session, id, {
    event: "opened",
    incident: id,
    about: "incident",
    by: actor,
    environment,
    since: (options.since ?? now).toISOString(),
    summary,
    ...(symptom !== undefined && { symptom }),
    ...(severity !== undefined && { severity }),
    ...(options.affected !== undefined && { affected: options.affected }),
    ...(newest !== undefined && newest.ended === undefined && { release: newest.release }),
    ...(speed !== undefined && { speed }),
  });
  return { id, state, plan };
}

export function reasonOf({ reason }: { readonly reason?: string }): { readonly why?: string } {
  return reason === undefined ? {} : { why: reason };
}

async function diagnoseAll(
  session: IncidentSession,
  loaded: LoadedSystem,
  { id, plan, state }: OpenedIncident,
): Promise<void> {
  await startPrometheusOnDev(session, plan);
  const world = await diagnosingWorld(session, loaded, plan, { id, speed: state.opened.speed ?? 1 });
  const tell = async (
    entry: string,
    ids: readonly string[],
    seen: Omit<EventOf<"seen">, "event" | "entry">,
  ) => {
    await write(session, id, { event: "seen", entry, ...seen });
    session.context.say(seenText(ids, seen));
  };
  try {
    for (const gate of [...plan.health, ...plan.gates])
      await tell(gate.name, [...gate.ids, ...(gate.supports ?? [])], await lookAtGate(gate, world));
    const { playbook } = plan;
    if (playbook === undefined) return;
    for (const diagnostic of plan.diagnostics)
      await tell(playbook.name, playbook.ids, await diagnose(diagnostic, world));
  } finally {
    await world.close();
  }
}

/** On dev Prometheus runs with what asks it; one that a release started stays as it is. */
async function startPrometheusOnDev(
  { stack, context }: IncidentSession,
  { diagnostics, gates }: OpenedIncident["plan"],
): Promise<void> {
  const isAsked =
    diagnostics.some(({ question }) => question.source === "prometheus") ||
    gates.some((gate) => gate.word === "metricGate" && gate.measurement.provider === "prometheus");
  const runs = existsSync(join(context.workspace.stateDir, "prometheus", "endpoint.json"));
  if (!isAsked || runs || !isLocalStack(stack)) return;
  const { startLocalPrometheus } = await import("../engine/prometheus.js");
  try {
    await startLocalPrometheus(context, { scrapeSeconds: 1 });
    context.say("Prometheus of dev was started just now: rates and percentiles need a minute of samples");
  } catch (error) {
    if (!(error instanceof UserError || error instanceof LocalError)) throw error;
    context.say(`Prometheus of dev does not run: ${error.message}`);
  }
}

function seenText(
  ids: readonly string[],
  { title, question, verdict, seen }: Omit<EventOf<"seen">, "event" | "entry">,
) {
  const indented = (text: string) => text.replaceAll("\n", "\n    ");
  return `${ids.join(" ") || "-"}  ${title}\n    asked: ${indented(question)}\n    seen: ${indented(seen)}\n    ${verdict}`;
}
