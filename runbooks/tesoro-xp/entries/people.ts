import type { Entry } from "../../vocabulary";
import { contacts } from "../contacts";
import { hoursPerDay, production, roles } from "./shared";

/** Who must agree, and who is called. */
export const people: readonly Entry[] = [
  {
    word: "approval",
    name: "senior-engineer-approval",
    title: "At least one senior engineer approves",
    ids: ["TES-005"],
    conflicts: [9],
    on: production,
    during: ["approve"],
    roles: [roles.seniorEngineer],
    atLeast: 1,
    onePerRole: false,
    from: "switchyard",
    validHours: hoursPerDay,
    note: "Somebody else than the deployer. Holds on the emergency path too, beside its own approval.",
  },
  {
    word: "approval",
    name: "emergency-approval",
    title: "Emergency: VP Engineering or a Director approves",
    ids: ["TES-087"],
    conflicts: [8, 9],
    on: production,
    during: ["approve"],
    releases: ["emergency"],
    roles: [roles.vpEngineering, roles.director],
    atLeast: 1,
    onePerRole: false,
    from: "switchyard",
    validHours: 4,
    note: "Given for one hotfix that is urgent, hence the short time.",
  },
  {
    word: "escalation",
    name: "contacts",
    title: "On-call engineer by the PagerDuty schedule, then DevOps Lead, then Engineering Manager",
    ids: ["TES-115"],
    conflicts: [12],
    on: production,
    during: ["incident", "hold", "rollback", "restore"],
    condition: "a gate holds or rolls back, an alert pages, or the emergency path is taken",
    respondWithinMinutes: 5,
    ladder: [
      {
        afterMinutes: 0,
        role: roles.onCall,
        channel: "pagerDuty",
        setting: "tesoro-xp:pagerDutyIntegrationKey",
        does: "acknowledges; see PagerDuty schedule",
      },
      { afterMinutes: 15, role: roles.devOpsLead, channel: "mail", address: contacts.devOpsLead },
      {
        afterMinutes: 30,
        role: roles.engineeringManager,
        channel: "mail",
        address: contacts.engineeringManager,
      },
    ],
    note: "The runbook gives contacts and no times: 5 minutes are those of retail-agentic for what pages (RET 619), 15 and 30 those of its ladder (RET 529, 531).",
  },
];
