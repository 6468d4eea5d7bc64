import type { EntryOfWord } from "../engine/parts";
import { UserError } from "../user-error";

type Source = EntryOfWord<"playbook">["diagnostics"][number]["source"];

const aggregations = ["Average", "Total", "Maximum", "Minimum", "Count"] as const;
const methods = ["GET", "HEAD"] as const;
const stores = ["postgres", "mongo", "redis", "elasticsearch", "sql"] as const;
const objects = [
  "pods",
  "services",
  "events of pods",
  "previous log of pods",
  "container states of pods",
  "certificates",
] as const;

/** A question of a playbook in the terms of the client that asks it. All of them only read. */
export type DiagnosticQuestion =
  | { readonly source: "prometheus" | "logAnalytics"; readonly query: string }
  | {
      readonly source: "azureMonitor";
      readonly resource: string;
      readonly metric: string;
      readonly aggregation: (typeof aggregations)[number];
    }
  /** A property of a resource, or the names of a site's settings (`appSettings`), whose values are never shown. */
  | { readonly source: "azureResource"; readonly resource: string; readonly path: string }
  | {
      readonly source: "kubernetes";
      readonly objects: (typeof objects)[number];
      readonly namespace: string;
    }
  | {
      readonly source: "http";
      readonly method: (typeof methods)[number];
      readonly path: string;
      readonly host: string;
    }
  | { readonly source: "inNetwork"; readonly store: (typeof stores)[number]; readonly question: string }
  | { readonly source: "release"; readonly asks: "status" | "history" | "backups" }
  | { readonly source: "release"; readonly asks: "step"; readonly step: string }
  | { readonly source: "person"; readonly question: string };

/** @throws UserError for a question that nothing here can ask */
export function readDiagnostic(source: Source, query: string): DiagnosticQuestion {
  const read = readers[source](query);
  if (read !== undefined) return read;
  throw new UserError(`a playbook asks ${source} "${query}", which nothing can ask`, {
    mend: `a question of ${source} is ${forms[source]}`,
  });
}

const forms: Readonly<Record<Source, string>> = {
  prometheus: "PromQL",
  logAnalytics: "KQL",
  azureMonitor: `RESOURCE METRIC ${aggregations.join("|")}`,
  azureResource: "RESOURCE PATH, or RESOURCE appSettings",
  kubernetes: `${objects.join("|")} of namespace NAME`,
  http: `${methods.join("|")} PATH of HOST`,
  inNetwork: `${stores.join("|")}: QUESTION`,
  release: "status, history, backups or step NAME",
  person: "a question in words",
};

const readers: Readonly<Record<Source, (query: string) => DiagnosticQuestion | undefined>> = {
  prometheus: (query) => ({ source: "prometheus", query }),
  logAnalytics: (query) => ({ source: "logAnalytics", query }),
  azureMonitor(query) {
    const [resource, metric, word, ...more] = query.split(" ");
    const aggregation = aggregations.find((each) => each === word);
    if (resource === undefined || metric === undefined || aggregation === undefined || more.length > 0)
      return undefined;
    return { source: "azureMonitor", resource, metric, aggregation };
  },
  azureResource(query) {
    const [, resource, path] = /^([\w-]+) ([\w.]+)$/.exec(query) ?? [];
    return resource === undefined || path === undefined
      ? undefined
      : { source: "azureResource", resource, path };
  },
  kubernetes(query) {
    const [, what, namespace] = /^(.+) of namespace ([a-z0-9-]+)$/.exec(query) ?? [];
    const found = objects.find((each) => each === what);
    return found === undefined || namespace === undefined
      ? undefined
      : { source: "kubernetes", objects: found, namespace };
  },
  http(query) {
    const [, word, path, host] = /^(\w+) (\/\S*) of ([a-z0-9-]+)$/.exec(query) ?? [];
    const method = methods.find((each) => each === word);
    if (method === undefined || path === undefined || host === undefined) return undefined;
    return { source: "http", method, path, host };
  },
  inNetwork(query) {
    const [, word, question] = /^(\w+): (.+)$/s.exec(query) ?? [];
    const store = stores.find((each) => each === word);
    return store === undefined || question === undefined
      ? undefined
      : { source: "inNetwork", store, question };
  },
  release(query) {
    if (query === "status" || query === "history" || query === "backups")
      return { source: "release", asks: query };
    const [, step] = /^step ([a-z0-9-]+)$/.exec(query) ?? [];
    return step === undefined ? undefined : { source: "release", asks: "step", step };
  },
  person: (question) => ({ source: "person", question }),
};
