import { agenda } from "../../release/incident/due";
import { offerWords } from "../../release/incident/offers";
import type { IncidentPlan } from "../../release/incident/plan";
import { timesOf } from "../../release/incident/record";
import type { IncidentState } from "../../release/incident/state";

/** An incident for machines. */
export function incidentDocument(plan: IncidentPlan, state: IncidentState) {
  const { opened, severity, acknowledged, closed, answers, followUps, timeline } = state;
  return {
    incident: opened.incident,
    system: plan.contract.system,
    environment: opened.environment,
    about: opened.about,
    symptom: opened.symptom ?? null,
    summary: opened.summary,
    since: opened.since,
    severity: severity?.severity ?? null,
    acknowledged: acknowledged === undefined ? null : { by: acknowledged.by, at: acknowledged.at },
    closed:
      closed === undefined
        ? null
        : { by: closed.by, at: closed.at, rootCause: closed.rootCause, resolution: closed.resolution },
    times: timesOf(state),
    questions: openQuestions(plan, state).map(({ name, role, question, blocking }) => ({
      entry: name,
      role,
      question,
      blocking,
      asked: state.asked.has(name),
    })),
    offers: plan.offers.map((offer) => ({
      name: offer.name,
      title: offer.title,
      does: offerWords(offer),
      confirmedBy: offer.confirmedBy,
    })),
    toTellByHand: byHand(state).map(({ role, channel, entry }) => ({ role, channel, entry })),
    next: agenda(plan, state).map(({ as, at, entry }) => ({ as, entry: entry.name, at: at.toISOString() })),
    followUps: followUps.map(({ name, title, owner, dueAt }) => ({
      name,
      title,
      owner,
      dueAt,
      answered: answers.has(name),
    })),
    timeline,
  };
}

export function openQuestions({ questions }: IncidentPlan, { answers }: IncidentState) {
  return questions.filter(({ name }) => !answers.has(name));
}

/** Rungs that nothing here could tell. */
export function byHand({ told }: IncidentState) {
  return told.filter(({ delivered, rung }) => !delivered && rung !== undefined);
}
