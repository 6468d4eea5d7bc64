import type { Entry } from "../../vocabulary";
import { deployments } from "../components";
import { verificationMinutes } from "../limits";
import {
  allComponents,
  type CheckGate,
  everywhere,
  production,
  secondsPerMinute,
  stagingRehearsed,
} from "./shared";

const startSeconds = 10 * secondsPerMinute;

/** Pods of the idle side; nothing was moved yet, so a failure only ends the release. */
const ofIdleSide: Pick<
  CheckGate,
  "word" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  word: "checkGate",
  during: ["deploy-idle"],
  timeoutSeconds: startSeconds,
  attempts: 1,
  everySeconds: 5,
  onBreach: "refuse",
};

/** What a release does, in its order; migrations before it: migrations.ts, the way back: rollback.ts. */
export const releaseSteps: readonly Entry[] = [
  {
    word: "step",
    name: "deploy-idle-side",
    title:
      "The candidate's images run on the colour that has no traffic: backend, then consumer web, then admin web",
    ids: ["RET-066"],
    conflicts: [5, 60],
    on: everywhere,
    during: ["deploy-idle"],
    does: { action: "deploy", components: allComponents, to: "idle" },
    timeoutSeconds: startSeconds,
    undo: "scaleBack",
    note: "The runbook says green; which colour is idle alternates. Its images are declared before, so the release starts pods only.",
  },
  {
    ...ofIdleSide,
    name: "staging-pods-running",
    title: "Staging: pods labelled app=retail-backend, app=retail-consumer-web and app=retail-admin-web run",
    ids: ["RET-060"],
    on: stagingRehearsed,
    check: { provider: "kubernetes", components: allComponents, side: "idle", expects: "available" },
    expectation:
      "available pods equal expected ones, of which there is at least one, with the declared digest",
  },
  {
    ...ofIdleSide,
    name: "staging-rolled-out",
    title: "Staging: the rollout of all three deployments is complete",
    ids: ["RET-061"],
    on: stagingRehearsed,
    check: { provider: "kubernetes", components: allComponents, side: "idle", expects: "rolledOut" },
    expectation: "the controller has observed the generation, and no old pod is left",
    note: "With a time limit: kubectl's own command waits for the progress deadline.",
  },
  {
    ...ofIdleSide,
    name: "idle-side-ready",
    title: "Production: wait until the idle colour is ready",
    ids: ["RET-067"],
    conflicts: [60, 61],
    on: production,
    check: { provider: "kubernetes", components: allComponents, side: "idle", expects: "available" },
    expectation:
      "available pods equal wanted ones: as many as the live colour has, the autoscaler's minimum at least",
    note: "A rollout of no pods is complete at once, so pods are counted. The web apps wait as the backend does.",
  },
  {
    word: "step",
    name: "switch-traffic",
    title:
      "Traffic goes to the candidate: the label deployment in the selector of each active Service names its colour",
    ids: ["RET-069"],
    conflicts: [4, 5, 60],
    on: everywhere,
    during: ["switch"],
    does: { action: "traffic", move: "switch", weights: [{ percent: 100, holdSeconds: 0 }] },
    timeoutSeconds: 2 * secondsPerMinute,
    undo: "trafficBack",
    note: "Services retail-backend, retail-consumer-web and retail-admin-web, one after the other. All at once each: flags are what is gradual.",
  },
  {
    word: "target",
    name: "verification-period",
    title: "Between switch and end the old side stays ready for half an hour at least",
    ids: [],
    supports: ["RET-071"],
    conflicts: [16, 61],
    on: everywhere,
    during: ["watch"],
    span: { from: "switch-traffic", to: "scale-down-old-side" },
    atLeastSeconds: verificationMinutes * secondsPerMinute,
    blocking: true,
    note: "The runbook leaves the period open; its longest trigger needs ten minutes.",
  },
  {
    word: "checkGate",
    name: "old-side-ready",
    title: "Until the verification period is over the old colour keeps its pods",
    ids: [],
    supports: ["RET-071", "RET-084"],
    conflicts: [16, 61],
    on: everywhere,
    during: ["watch"],
    check: { provider: "kubernetes", components: allComponents, side: "idle", expects: "available" },
    expectation: "the side that traffic would go back to is available",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: 60,
    onBreach: "hold",
  },
  {
    word: "step",
    name: "scale-down-old-side",
    title: "The old colour is scaled to 0 after the verification period",
    ids: ["RET-071"],
    conflicts: [16, 61],
    on: everywhere,
    during: ["finish"],
    does: {
      action: "scale",
      components: allComponents,
      side: "old",
      to: 0,
      afterMinutes: verificationMinutes,
    },
    timeoutSeconds: 2 * secondsPerMinute,
    undo: "scaleBack",
    note: `The runbook names ${deployments.backend}-blue; the web apps follow.`,
  },
];
