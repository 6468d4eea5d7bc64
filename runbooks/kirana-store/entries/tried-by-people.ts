import type { Entry } from "../../vocabulary";
import { production } from "./shared";

interface Trial {
  readonly name: string;
  readonly title: string;
  readonly id: Entry["ids"][number];
  readonly question: string;
  /** Minutes after the watch began. */
  readonly after: number;
}

/** Hour 1 and hour 2 of the watch. */
const hourOne = 30;
const hourTwo = 60;

/** Tried by hand, with the test tenant's account, so that no customer's data is touched. */
function trial({ name, title, id, question, after }: Trial): Entry {
  return {
    word: "manual",
    name,
    title,
    ids: [id],
    conflicts: [58],
    on: production,
    during: ["watch"],
    role: "qa-engineer",
    question,
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: true,
    offsetMinutes: after,
  };
}

/** What the runbook has people try on production after the ramp. */
export const trials: readonly Entry[] = [
  trial({
    name: "mobile-app-connects",
    title: "Hour 1: the mobile app connects",
    id: "STO-119",
    question: "Does the mobile app connect, log in as the test tenant and show the shop?",
    after: hourOne,
  }),
  trial({
    name: "order-placed",
    title: "Hour 2: order placement is successful",
    id: "STO-123",
    question: "Was an order placed as the test tenant, and does it show in its history?",
    after: hourTwo,
  }),
  trial({
    name: "payment-completed",
    title: "Hour 2: payment processing completes",
    id: "STO-124",
    question: "Was that order paid by the gateway's sandbox, and is it marked as paid?",
    after: hourTwo,
  }),
  trial({
    name: "gamification-points-awarded",
    title: "Hour 2: gamification points are awarded",
    id: "STO-125",
    question: "Were points awarded to the test tenant for that order?",
    after: hourTwo,
  }),
  trial({
    name: "mobile-offline-sync-works",
    title: "Hour 2: mobile offline sync works",
    id: "STO-127",
    question: "Did what was done in the mobile app offline arrive once it was online again?",
    after: hourTwo,
  }),
];
