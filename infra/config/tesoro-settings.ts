import { z } from "zod";
import { dummyGuid, guid } from "./common-settings";
import { domainName, pinnedImage, text } from "./schemas";
import { defaulted, optional, required, type ValuesOf } from "./setting";
import {
  alertEmails,
  appNetworkRange,
  budgetStartDate,
  contacts,
  imageWith,
  monthlyBudgetUsd,
  pagerDutyIntegrationKey,
  pagerDutyServiceId,
  planSize,
  restored,
  slackWebhook,
  vaultName,
} from "./shared-settings";

/** Sizes of a general purpose database (Microsoft Learn, "vCore resource limits", Gen5). */
const vCores = [2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 24, 32, 40, 80] as const;

const instances = z.int().min(1).max(30);

/** `tesoro-xp:*`. Sources: the system's runbook; the ids are those of catalogue.yaml. */
export const tesoroSettings = {
  /** TES-025, TES-029: the runbook writes `tesoro-production-app-<suffix>`. */
  appSuffix: required(z.string().regex(/^[a-z0-9]{2,16}$/), {
    allowed: "2 to 16 lower-case letters and digits, the end of the app's name",
    sample: "x7k2",
    dummy: "notgiven",
  }),
  /** TES-018, TES-023, TES-068. */
  slackWebhookDeployments: slackWebhook("#deployments"),
  /** TES-028, TES-115. */
  pagerDutyIntegrationKey: pagerDutyIntegrationKey("PagerDuty's Azure integration"),
  pagerDutyServiceId,
  alertEmails: alertEmails("devops-lead@tesoro-xp.com"),
  /** TES-012: who hears before a change. */
  stakeholderEmails: alertEmails("stakeholders@tesoro-xp.com"),
  /** TES-030: the staging stack's app, which a release in production asks before. */
  stagingHost: optional(domainName, {
    allowed: "in production the host of the staging stack's app; elsewhere nothing",
    sample: "tesoro-staging-app-x7k2.azurewebsites.net",
    dummy: "staging.not-given.invalid",
  }),
  /** TES-087: who may approve an emergency deployment. */
  contacts: contacts("vpEngineering", "director"),
  /** What runs the package; the runbook names npm for its tests only. */
  runtime: required(z.string().regex(/^(?:NODE\|\d+-lts|(?:DOTNETCORE|PYTHON|JAVA)\|[A-Za-z0-9.-]+)$/), {
    allowed:
      "a runtime of `az webapp list-runtimes --os-type linux` with its version, such as NODE|22-lts or DOTNETCORE|8.0",
    sample: "NODE|22-lts",
  }),
  planSize,
  /** As many as there are always; autoscale adds to them. */
  planInstances: required(instances, {
    form: "number",
    allowed: "a whole number from 1 to 30, in production at least 2",
    sample: "2",
  }),
  planMaximumInstances: required(instances, {
    form: "number",
    allowed: "a whole number from 1 to 30, at least planInstances",
    sample: "6",
  }),
  /** One half for the app, a quarter for private endpoints, a quarter for tasks, which need a /27 (Microsoft Learn). */
  networkRange: appNetworkRange("10.41.0.0/24", 25),
  /** TES-051: in which exports run. */
  databaseToolsImage: required(pinnedImage, imageWith("a shell, sqlpackage and azcopy")),
  /** TES-052 to TES-054: the owner's runner with the scripts of ./migrations (conflicts 40). */
  migrationsImage: required(
    pinnedImage,
    imageWith("a shell, sqlcmd, the scripts of ./migrations, and a runner of them as its entrypoint"),
  ),
  databaseVCores: required(z.literal(vCores), {
    form: "number",
    allowed: vCores.join(", "),
    sample: "4",
  }),
  databaseStorageGb: required(z.int().min(1).max(1024), {
    form: "number",
    allowed: "a whole number of GB from 1 to 1024",
    sample: "64",
  }),
  /** Whose members administer the database by their own identity. */
  sqlAdministratorGroup: required(z.strictObject({ objectId: guid, name: text }), {
    form: "json",
    allowed: "a map with objectId, a group's GUID in lower case, and name, its display name in Entra",
    sample: '{"objectId":"d9428888-122b-11e1-b85c-61cd3cbb3210","name":"tesoro-database-administrators"}',
    dummy: dummyGuid,
  }),
  /** TES-048, TES-051: whether the login sqladmin may sign in with its password; identities of Entra always may. */
  sqlPasswordSignIn: defaulted(z.boolean(), true, {
    form: "boolean",
    allowed: "true, false",
    sample: "false",
  }),
  monthlyBudgetUsd: monthlyBudgetUsd(900),
  budgetStartDate,
  restoredDatabase: restored("database", /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/, "tesoro-db-restored-1a2b3c"),
  vaultName: vaultName("tesoro-dev-kv2"),
} as const;

export type TesoroSettings = ValuesOf<typeof tesoroSettings>;
