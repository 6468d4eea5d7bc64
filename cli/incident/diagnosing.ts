import { systemClock } from "../../release/engine/system-clock";
import type { EngineView } from "../../release/gates/engine-view";
import type { GateContext } from "../../release/gates/gate-provider";
import { looker } from "../../release/gates/look";
import type { Diagnosing } from "../../release/incident/diagnose";
import type { IncidentPlan } from "../../release/incident/plan";
import type { LoadedSystem } from "../release/load-release";
import type { IncidentSession } from "./incident-session";
import { askTerminal } from "./prompt";
import { knowledgeOfReleases } from "./release-of-system";
import { whatIsLive } from "./what-is-live";

export interface DiagnosingWorld extends Diagnosing {
  /** Ends what probes do on their own. */
  close(): Promise<void>;
}

/** What an incident's questions are asked with: the gates' providers, about the side that serves now. */
export async function diagnosingWorld(
  session: IncidentSession,
  loaded: LoadedSystem,
  plan: IncidentPlan,
  { id, speed }: { readonly id: string; readonly speed: number },
): Promise<DiagnosingWorld> {
  const { store, contract, context } = session;
  const { surroundings, facts, environment } = loaded;
  const clock = systemClock(speed);
  const { manifest, live } = await whatIsLive(session, loaded);
  const now = clock.now();
  const gateContext: GateContext = {
    environment,
    facts,
    manifest,
    candidate: live,
    live,
    clock,
    phaseBegan: now,
    releaseBegan: now,
    baselines: {},
    remembered: new Map(),
    signal: context.signal,
  };
  const looks = looker(
    surroundings,
    viewOf(id, session),
    [...plan.health, ...plan.gates],
    context.workspace.root,
  );
  return {
    surroundings,
    facts,
    clock,
    context: gateContext,
    releases: knowledgeOfReleases(store, contract.system),
    look: (gate, asked) => looks.look(gate, asked),
    askPerson: (question) => askTerminal(question, context.signal),
    close: () => looks.close(),
  };
}

/** An incident moves nothing by itself: of a release there is nothing to know. */
function viewOf(id: string, { store, contract }: IncidentSession): EngineView {
  const nobodyKnows = () => Promise.resolve(undefined);
  return {
    release: id,
    figures: { figure: () => undefined },
    positions: () => Promise.resolve([]),
    lastVerdict: () => undefined,
    backups: () => ({ required: [], made: [] }),
    migrations: () => ({ wanted: [], ran: [], verified: [] }),
    lease: () => store.lease(contract.system),
    openPostMortems: nobodyKnows,
    openFollowUps: nobodyKnows,
    liveResources: nobodyKnows,
    stack: nobodyKnows,
    change: nobodyKnows,
    window: nobodyKnows,
  };
}
