import { isJson, type Json, nameOf, valuesAt } from "../resource-types";
import type { Cloud } from "./cloud";
import type { StoredResource } from "./store";

/** What an execution did: how its container ended, its last line, and what is different afterwards. */
export interface EmulatedRun {
  readonly code: 0 | 1;
  readonly said: string;
  readonly changes: readonly StoredResource[];
}

interface Applied {
  readonly MigrationId: string;
  readonly AppliedOn: string;
}

/** Tag of a job that says what is done in the place of its image. */
export const emulatedJobTag = "local-job";

type Variables = Readonly<Record<string, string>>;
type Work = (cloud: Cloud, variables: Variables) => EmulatedRun;

/** The task could not do it; its message is its last line. */
class Failure extends Error {}

const works: Readonly<Record<string, Work>> = {
  "sql-export": exportDatabase,
  "sql-migrate": migrate,
  "sql-ask": ask,
};

/**
 * Does in the place of a job's image what its tag says, on what the cloud has stored. It never says that something was
 * done which was not.
 *
 * @param container of the execution
 */
export function runEmulated(cloud: Cloud, job: StoredResource, container: Json): EmulatedRun {
  try {
    return workOf(job)(cloud, variablesOf(cloud, job, container));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { code: 1, said: error.message, changes: [] };
  }
}

function workOf({ body }: StoredResource): Work {
  const said = isJson(body.tags) ? body.tags[emulatedJobTag] : undefined;
  const work = typeof said === "string" && Object.hasOwn(works, said) ? works[said] : undefined;
  if (work !== undefined) return work;
  throw new Failure(
    `the local cloud runs no image: the tag ${emulatedJobTag} says what is done in its place (${Object.keys(works).join(", ")}), found ${JSON.stringify(said)}`,
  );
}

/** Variables as the container sees them, secrets of the vault read now. */
function variablesOf(cloud: Cloud, job: StoredResource, container: Json): Variables {
  const secrets = new Map(
    valuesAt(job.asked, "properties.configuration.secrets[*]").flatMap(({ value }) =>
      isJson(value) ? [[String(value.name), value] as const] : [],
    ),
  );
  const entries = valuesAt(container, "env[*]").flatMap(({ value }) => {
    if (!isJson(value)) return [];
    const secret = value.secretRef === undefined ? undefined : secrets.get(String(value.secretRef));
    return [
      [String(value.name), secret === undefined ? String(value.value ?? "") : secretValue(cloud, secret)],
    ];
  });
  return Object.fromEntries(entries) as Variables;
}

function secretValue(cloud: Cloud, { value, keyVaultUrl }: Json): string {
  if (keyVaultUrl === undefined) return String(value);
  const [, vault, name] = /^https:\/\/([^.]+)\.[^/]+\/secrets\/([^/]+)/.exec(String(keyVaultUrl)) ?? [];
  const holder = named(cloud, "azure-native:keyvault:Vault", vault ?? "");
  const secret = holder && cloud.store.get(`${holder.id}/secrets/${name}`);
  const found = isJson(secret?.asked.properties) ? secret.asked.properties.value : undefined;
  if (typeof found === "string") return found;
  throw new Failure(`the secret ${String(keyVaultUrl)} cannot be read`);
}

function named(cloud: Cloud, token: string, name: string): StoredResource | undefined {
  return cloud.store
    .all()
    .find((entry) => entry.token === token && nameOf(entry.id).toLowerCase() === name.toLowerCase());
}

function given(variables: Variables, name: string): string {
  const value = variables[name];
  if (value !== undefined && value !== "") return value;
  throw new Failure(`${name} is not given`);
}

/** The database of the connection string, or of the name that is given beside it. */
function databaseOf(cloud: Cloud, variables: Variables): StoredResource {
  const connection = given(variables, "SQL_CONNECTION_STRING");
  const part = (name: string) => new RegExp(`(?:^|;)${name}=([^;]*)`, "i").exec(connection)?.[1] ?? "";
  const host = part("Server").replace(/^tcp:/, "").replace(/,\d+$/, "");
  const name = variables.DATABASE_NAME || part("Database");
  const server = named(cloud, "azure-native:sql:Server", host.split(".")[0]!);
  const database = server && cloud.store.get(`${server.id}/databases/${name}`);
  if (database !== undefined) return database;
  throw new Failure(`the database ${name} does not exist on ${host}`);
}

function historyOf({ content }: StoredResource): readonly Applied[] {
  return Array.isArray(content?.history) ? (content.history as Applied[]) : [];
}

function exportDatabase(cloud: Cloud, variables: Variables): EmulatedRun {
  const database = databaseOf(cloud, variables);
  const name = given(variables, "BLOB_NAME");
  const address = given(variables, "BACKUPS_URL");
  const [, account, container] = /^https:\/\/([^.]+)\.blob\.[^/]+\/([^/]+)\/?$/.exec(address) ?? [];
  const storage = named(cloud, "azure-native:storage:StorageAccount", account ?? "");
  const place = storage && cloud.store.get(`${storage.id}/blobServices/default/containers/${container}`);
  if (place === undefined) throw new Failure(`the container ${address} does not exist`);
  const blobs = Array.isArray(place.content?.blobs) ? (place.content.blobs as Json[]) : [];
  if (blobs.some((blob) => blob.name === name))
    throw new Failure(`${name} exists already and is not written over`);
  const text = JSON.stringify({ database: nameOf(database.id), history: historyOf(database) });
  const bytes = Buffer.byteLength(text);
  const blob = { name, bytes, writtenAt: cloud.now() };
  return {
    code: 0,
    said: JSON.stringify({ bytes }),
    changes: [{ ...place, content: { ...place.content, blobs: [...blobs, blob] } }],
  };
}

function migrate(cloud: Cloud, variables: Variables): EmulatedRun {
  const database = databaseOf(cloud, variables);
  const direction = given(variables, "DIRECTION");
  const names = (variables.MIGRATIONS ?? "").split(",").filter((name) => name !== "");
  const before = historyOf(database);
  const recorded = (name: string) => before.some(({ MigrationId }) => MigrationId === name);
  const changed = (history: readonly Applied[]) => [
    { ...database, content: { ...database.content, history: [...history] } },
  ];
  switch (direction) {
    case "up": {
      const applied = names.filter((name) => !recorded(name));
      const made = applied.map((MigrationId) => ({ MigrationId, AppliedOn: cloud.now() }));
      const said = JSON.stringify({ applied: applied.length, alreadyApplied: names.length - applied.length });
      return { code: 0, said, changes: changed([...before, ...made]) };
    }
    case "down": {
      const rest = before.filter(({ MigrationId }) => !names.includes(MigrationId));
      return {
        code: 0,
        said: JSON.stringify({ undone: before.length - rest.length }),
        changes: changed(rest),
      };
    }
    case "verify": {
      const missing = names.filter((name) => !recorded(name));
      if (missing.length > 0) throw new Failure(`not applied: ${missing.join(", ")}`);
      return { code: 0, said: JSON.stringify({ verified: names.length }), changes: [] };
    }
    default:
      throw new Failure(`the direction ${direction} is none of up, down, verify`);
  }
}

const historyQuestion =
  /^\s*SELECT \* FROM (\[?\w*migration\w*\]?)(?: ORDER BY \[?(\w+)\]?(?: (ASC|DESC))?)?\s*;?\s*$/i;

/** What an emulated database can say: which migrations it was given, and that no script finds a faulty row in it. */
function ask(cloud: Cloud, variables: Variables): EmulatedRun {
  const database = databaseOf(cloud, variables);
  const question = given(variables, "QUESTION");
  if (/^\.\/[\w./-]+\.sql$/.test(question)) return { code: 0, said: "[]", changes: [] };
  const match = historyQuestion.exec(question);
  if (match === null) throw new Failure(`the local cloud knows no answer to ${question}`);
  const column = match[2] ?? "AppliedOn";
  const rows = historyOf(database).map(({ MigrationId, AppliedOn }) => ({
    MigrationId,
    [column]: AppliedOn,
  }));
  if (match[3]?.toUpperCase() === "DESC") rows.reverse();
  return { code: 0, said: JSON.stringify(rows), changes: [] };
}
