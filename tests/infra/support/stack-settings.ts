import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import {
  type DeclarableSystem,
  type RawConfig,
  rawConfigOf,
  readSettings,
  type Settings,
} from "../../../infra/settings";
import type { Environment } from "../../../runbooks/model";
import { root } from "../../support/root";

/** Begins every secret of these tests, so that one in the wrong place is found. */
export const canary = "CANARY";

const slack = "https://hooks.slack.com/services/";

/** Values for the owners' secrets, by system; the integration key may hold letters and digits only. */
const ownerSecrets: Partial<Readonly<Record<DeclarableSystem, Readonly<Record<string, string>>>>> = {
  platform: {
    pagerDutyIntegrationKey: `${canary}platform00000000000000`,
    slackWebhook: `${slack}${canary}-platform`,
  },
  "case-management": {
    sendGridApiKey: `${canary}-sendgrid`,
    n8nWebhook: `https://n8n.test/webhook/${canary}`,
    slackWebhook: `${slack}${canary}-cases`,
    pagerDutyIntegrationKey: `${canary}cases000000000000000`,
    testAccountEmail: `${canary}@cases.test`,
    testAccountPassword: `${canary}-test-account`,
  },
  "kirana-store": {
    paymentApiKey: `${canary}-payment`,
    paymentWebhookSecret: `${canary}-payment-webhook`,
    paymentSandboxKey: `${canary}-payment-sandbox`,
    mailPassword: `${canary}-mail`,
    slackWebhook: `${slack}${canary}-store`,
    pagerDutyIntegrationKey: `${canary}store000000000000000`,
  },
  "retail-agentic": {
    paypalClientId: `${canary}-paypal-id`,
    paypalClientSecret: `${canary}-paypal-secret`,
    smtpUsername: `${canary}-smtp-user`,
    smtpPassword: `${canary}-smtp-password`,
    slackWebhookAlerts: `${slack}${canary}-alerts`,
    slackWebhookMonitoring: `${slack}${canary}-monitoring`,
    pagerDutyIntegrationKey: `${canary}retail00000000000000`,
  },
  "tesoro-xp": {
    slackWebhookDeployments: `${slack}${canary}-deployments`,
    pagerDutyIntegrationKey: `${canary}tesoro000000000000000`,
  },
  "kirana-inventory": {
    geminiApiKey: `${canary}-gemini`,
    slackWebhookProd: `${slack}${canary}-prod`,
    slackWebhookTeam: `${slack}${canary}-team`,
    testToken: `${canary}-test-token`,
    prodTestToken: `${canary}-prod-test-token`,
    pagerDutyIntegrationKey: `${canary}pagerduty00000000000000`,
  },
};

const stackFiles = new Map<Environment, RawConfig>();

/** Raw configuration of a committed stack file, which is read once. */
export function stackFile(environment: Environment): RawConfig {
  const known = stackFiles.get(environment) ?? readStackFile(environment);
  stackFiles.set(environment, known);
  return known;
}

function readStackFile(environment: Environment): RawConfig {
  const file = join(root, `Pulumi.${environment}.yaml`);
  return rawConfigOf((parse(readFileSync(file, "utf8")) as { config: Record<string, unknown> }).config);
}

/** Settings of a committed stack file, as the owner would have them: outside dev with secrets that are canaries. */
export function stackSettings(
  environment: Environment,
  changes: Readonly<Record<string, string>> = {},
): Settings {
  const raw = stackFile(environment);
  const values: Record<string, string> = { ...raw.values };
  const secretKeys = new Set(raw.secretKeys);
  if (environment !== "dev") {
    for (const [system, secrets] of Object.entries(ownerSecrets)) {
      for (const [name, value] of Object.entries(secrets)) {
        values[`${system}:${name}`] = value;
        secretKeys.add(`${system}:${name}`);
      }
    }
  }
  return readSettings(
    { values: { ...values, ...changes }, secretKeys },
    { stack: environment, offline: true },
  );
}

/** The same for a stack that carries some systems only. */
export function systemSettings(
  environment: Environment,
  systems: readonly DeclarableSystem[],
  changes: Readonly<Record<string, string>> = {},
): Settings {
  return stackSettings(environment, { "switchyard:systems": JSON.stringify(systems), ...changes });
}
