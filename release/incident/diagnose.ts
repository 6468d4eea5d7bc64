import type { CheckGate } from "../../runbooks/entry-basics";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Surroundings } from "../clients/surroundings";
import type { Clock } from "../engine/clock";
import { type Gate, titleOf } from "../engine/parts";
import type { GateContext, Sample } from "../gates/gate-provider";
import { next } from "../gates/verdict";
import { azureMetric } from "./diagnostics/azure-metric";
import { clusterObjects } from "./diagnostics/cluster-objects";
import { logRows } from "./diagnostics/log-rows";
import { prometheusSeries } from "./diagnostics/prometheus-series";
import { siteSettings } from "./diagnostics/site-settings";
import type { EventOf } from "./events";
import type { PlannedDiagnostic } from "./plan";

/** What is known of the system's releases, in words; read, never written. */
export interface ReleaseKnowledge {
  status(): Promise<string>;
  history(): Promise<string>;
  backups(): Promise<string>;
  /** What the newest release read back after the step of an entry. */
  step(entry: string): Promise<string>;
}

export interface Diagnosing {
  readonly surroundings: Surroundings;
  readonly facts: ReleaseFacts;
  readonly context: GateContext;
  readonly clock: Clock;
  readonly releases: ReleaseKnowledge;
  look(gate: Gate, context: GateContext): Promise<Sample>;
  /** Asks whoever sits there; undefined when nobody does. */
  askPerson(question: string): Promise<string | undefined>;
}

type Seen = Omit<EventOf<"seen">, "event" | "entry">;

/** Asks one question of a playbook. What does not answer is inconclusive with its reason; nothing is changed by it. */
export async function diagnose(diagnostic: PlannedDiagnostic, asking: Diagnosing): Promise<Seen> {
  const sample = await ask(diagnostic, asking);
  const { title } = diagnostic;
  const { question } = sample;
  switch (sample.kind) {
    case "nothing":
      return { title, question, verdict: "inconclusive", seen: sample.why };
    case "answer":
      return { title, question, verdict: sample.holds ? "shown" : "fault", seen: sample.seen };
    case "value":
      return { title, question, verdict: "shown", seen: String(sample.value) };
  }
}

/** Looks at a gate once, and says what a release would conclude from that look. */
export async function lookAtGate(gate: Gate, asking: Diagnosing): Promise<Seen> {
  const sample = await asking.look(gate, asking.context);
  const { clock, context } = asking;
  const moment = {
    now: clock.now(),
    speed: clock.speed,
    phaseBegan: context.phaseBegan,
    baseline: context.baselines[gate.name],
  };
  const { verdict, why } = next(undefined, gate, sample, moment);
  return { title: titleOf(gate), question: sample.question, verdict, seen: why };
}

async function ask({ title, query, question }: PlannedDiagnostic, asking: Diagnosing): Promise<Sample> {
  const { surroundings, facts, context, look, releases } = asking;
  switch (question.source) {
    case "prometheus":
      return prometheusSeries(question.query, surroundings, context);
    case "logAnalytics":
      return logRows(question.query, surroundings, context);
    case "azureMonitor":
      return azureMetric(question, surroundings, context);
    case "kubernetes":
      return clusterObjects(question, surroundings, context);
    case "azureResource":
      if (question.path === "appSettings")
        return siteSettings(resourceId(facts, question.resource), surroundings, context);
      return look(
        gateOf(title, {
          provider: "azureResource",
          resource: question.resource,
          expects: [{ path: question.path, operator: "notEquals", value: "" }],
        }),
        { ...context, facts: withSites(facts) },
      );
    case "http":
      return look(
        gateOf(title, {
          provider: "http",
          host: question.host,
          method: question.method,
          path: question.path,
          status: successes,
        }),
        context,
      );
    case "inNetwork":
      return look(
        gateOf(title, {
          provider: "inNetwork",
          target: question.store,
          question: question.question,
          expects: [{ path: "$", operator: "notEquals", value: "" }],
        }),
        context,
      );
    case "release":
      return {
        kind: "answer",
        holds: true,
        question: query,
        seen: await (question.asks === "step" ? releases.step(question.step) : releases[question.asks]()),
      };
    case "person": {
      const said = await asking.askPerson(question.question);
      return said === undefined
        ? { kind: "nothing", question: question.question, why: "nobody was asked: this is no terminal" }
        : { kind: "answer", question: question.question, holds: true, seen: said };
    }
  }
}

/** Of a page that leads elsewhere it is known that it answers. */
const successes = [200, 201, 202, 204, 301, 302, 303, 304, 307, 308];

/** A question as a gate that any answer passes: what it saw is what is wanted. */
function gateOf(title: string, check: CheckGate["check"]): CheckGate {
  return {
    word: "checkGate",
    name: `playbook-${slug(title)}`,
    title,
    ids: [],
    on: ["dev", "staging", "production"],
    during: ["incident"],
    check,
    expectation: "whatever it answers",
    timeoutSeconds: 60,
    attempts: 1,
    onBreach: "report",
  };
}

function slug(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 40);
}

/** Resources of the facts, and the sites of the tracks by their components' names. */
function withSites(facts: ReleaseFacts): ReleaseFacts {
  const sites = facts.tracks.flatMap(({ components, target }) =>
    "siteId" in target ? components.map((component) => [component, target.siteId] as const) : [],
  );
  return { ...facts, resources: { ...Object.fromEntries(sites), ...facts.resources } };
}

function resourceId(facts: ReleaseFacts, name: string): string | undefined {
  return withSites(facts).resources[name];
}
