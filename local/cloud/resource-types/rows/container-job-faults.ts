import type { InputFault, Json } from "../model";
import { isJson, valuesAt } from "../paths";

const NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;
const UNKNOWN_MARK = "04da6b54-";
const TRIGGERS = {
  Manual: "manualTriggerConfig",
  Schedule: "scheduleTriggerConfig",
  Event: "eventTriggerConfig",
} as const;
/** On the profile Consumption: quarters of a core, each with half a GiB (Microsoft Learn, "Containers in Azure Container Apps"). */
const GIB_PER_CORE = 2;
const MOST_CORES = 4;

const objects = (inputs: Json, path: string) =>
  valuesAt(inputs, path).flatMap(({ path: at, value }) => (isJson(value) ? [{ at, value }] : []));
const isUnknown = (value: unknown) => typeof value === "string" && value.startsWith(UNKNOWN_MARK);

/** Faults of how a job begins: the configuration of its trigger and no other, and how long it may take. */
export function triggerFaults(inputs: Json): InputFault[] {
  const configuration = isJson(inputs.configuration) ? inputs.configuration : undefined;
  if (configuration === undefined) return [{ path: "configuration", reason: "is required and missing" }];
  const { triggerType, replicaTimeout, replicaRetryLimit } = configuration;
  const own = TRIGGERS[triggerType as keyof typeof TRIGGERS] as string | undefined;
  const others = Object.values(TRIGGERS).filter(
    (name) => name !== own && configuration[name] !== undefined && configuration[name] !== null,
  );
  const schedule = isJson(configuration.scheduleTriggerConfig) ? configuration.scheduleTriggerConfig : {};
  const whole = (path: string, value: unknown, least: number) =>
    typeof value === "number" && !(Number.isInteger(value) && value >= least)
      ? [{ path: `configuration.${path}`, reason: `${value} is not allowed; allowed: ${least} and more` }]
      : [];
  return [
    ...(own !== undefined && own !== TRIGGERS.Manual && configuration[own] === undefined
      ? [{ path: `configuration.${own}`, reason: `is required with triggerType ${String(triggerType)}` }]
      : []),
    ...others.map((name) => ({
      path: `configuration.${name}`,
      reason: `is not allowed with triggerType ${String(triggerType)}`,
    })),
    ...(triggerType === "Schedule" &&
    !/^(?:\S+\s+){4}\S+$/.test(String(schedule.cronExpression ?? "")) &&
    !isUnknown(schedule.cronExpression)
      ? [
          {
            path: "configuration.scheduleTriggerConfig.cronExpression",
            reason: `${JSON.stringify(schedule.cronExpression)} is no cron expression of five fields`,
          },
        ]
      : []),
    ...whole("replicaTimeout", replicaTimeout, 1),
    ...whole("replicaRetryLimit", replicaRetryLimit, 0),
  ];
}

/** Faults of secrets: each has a value or a place in a vault, read by an identity that the job has. */
export function secretFaults(inputs: Json): InputFault[] {
  const identities = new Set(
    valuesAt(inputs, "identity.userAssignedIdentities[*]").map(({ value }) => String(value).toLowerCase()),
  );
  const kind = valuesAt(inputs, "identity.type")[0]?.value;
  const has = (identity: unknown) =>
    isUnknown(identity) ||
    (String(identity).toLowerCase() === "system"
      ? String(kind).includes("SystemAssigned")
      : identities.has(String(identity).toLowerCase()));
  const named = objects(inputs, "configuration.secrets[*]");
  const faults: InputFault[] = [];
  const seen = new Set<string>();
  for (const { at, value } of named) {
    const { name, keyVaultUrl, identity } = value;
    if (typeof name !== "string" || !NAME.test(name))
      faults.push({
        path: `${at}.name`,
        reason: `${JSON.stringify(name)} is not allowed; allowed: lower-case letters, digits and hyphens`,
      });
    if (seen.has(String(name))) faults.push({ path: at, reason: `the name ${String(name)} is used twice` });
    seen.add(String(name));
    if ((value.value === undefined) === (keyVaultUrl === undefined))
      faults.push({ path: at, reason: "must have either value or keyVaultUrl" });
    if (keyVaultUrl === undefined) continue;
    if (
      !isUnknown(keyVaultUrl) &&
      !/^https:\/\/[^/]+\/secrets\/[^/]+(?:\/[0-9a-f]+)?$/.test(String(keyVaultUrl))
    )
      faults.push({
        path: `${at}.keyVaultUrl`,
        reason: `${JSON.stringify(keyVaultUrl)} is no address of a secret, https://VAULT.vault.azure.net/secrets/NAME`,
      });
    if (!has(identity))
      faults.push({
        path: `${at}.identity`,
        reason: `${JSON.stringify(identity)} is no identity of the job`,
      });
  }
  for (const { at, value } of objects(inputs, "configuration.registries[*]")) {
    if (value.identity !== undefined && !has(value.identity))
      faults.push({
        path: `${at}.identity`,
        reason: `${JSON.stringify(value.identity)} is no identity of the job`,
      });
  }
  return faults;
}

/** Faults of containers: names, images, variables that name a secret which is there, cores with the memory they have. */
export function containerFaults(inputs: Json): InputFault[] {
  const secrets = new Set(
    valuesAt(inputs, "configuration.secrets[*].name").map(({ value }) => String(value)),
  );
  const containers = objects(inputs, "template.containers[*]");
  const faults: InputFault[] =
    containers.length === 0 ? [{ path: "template.containers", reason: "must hold one container" }] : [];
  const seen = new Set<string>();
  for (const { at, value } of [...containers, ...objects(inputs, "template.initContainers[*]")]) {
    const { name, image } = value;
    if (typeof name !== "string" || !(NAME.test(name) || isUnknown(name)))
      faults.push({
        path: `${at}.name`,
        reason: `${JSON.stringify(name)} is not allowed; allowed: lower-case letters, digits and hyphens`,
      });
    if (seen.has(String(name))) faults.push({ path: at, reason: `the name ${String(name)} is used twice` });
    seen.add(String(name));
    if (typeof image !== "string" || image === "")
      faults.push({ path: `${at}.image`, reason: "is required and missing" });
    faults.push(
      ...variableFaults(value, at, secrets),
      ...resourceFaults(value, at, inputs.workloadProfileName),
    );
  }
  return faults;
}

function variableFaults(container: Json, at: string, secrets: ReadonlySet<string>): InputFault[] {
  const seen = new Set<string>();
  return objects(container, "env[*]").flatMap(({ at: entry, value }) => {
    const { name, secretRef } = value;
    const path = `${at}.${entry}`;
    const twice = seen.has(String(name));
    seen.add(String(name));
    return [
      ...(typeof name !== "string" || name === ""
        ? [{ path: `${path}.name`, reason: "is required and missing" }]
        : []),
      ...(twice ? [{ path, reason: `the name ${String(name)} is used twice` }] : []),
      ...(value.value !== undefined && secretRef !== undefined
        ? [{ path, reason: "must have either value or secretRef" }]
        : []),
      ...(secretRef !== undefined && !secrets.has(String(secretRef)) && !isUnknown(secretRef)
        ? [
            {
              path: `${path}.secretRef`,
              reason: `names ${JSON.stringify(secretRef)}, which is no secret of configuration.secrets`,
            },
          ]
        : []),
    ];
  });
}

function resourceFaults(container: Json, at: string, profile: unknown): InputFault[] {
  const { cpu, memory } = isJson(container.resources) ? container.resources : {};
  if (typeof cpu !== "number" || typeof memory !== "string" || isUnknown(memory)) return [];
  if (profile !== undefined && profile !== "Consumption") return [];
  const gibibytes = Number(/^(\d+(?:\.\d+)?)Gi$/.exec(memory)?.[1]);
  const right =
    Number.isInteger(cpu * MOST_CORES) && cpu > 0 && cpu <= MOST_CORES && gibibytes === cpu * GIB_PER_CORE;
  return right
    ? []
    : [
        {
          path: `${at}.resources`,
          reason: `${cpu} cores with ${memory} are not allowed; allowed: 0.25 to ${MOST_CORES} cores in steps of 0.25, each with ${GIB_PER_CORE}Gi`,
        },
      ];
}
