import { parseDocument } from "yaml";
import type { z } from "zod";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Contract } from "../../runbooks/vocabulary";
import { isJson } from "../targets/json";
import { UserError } from "../user-error";
import { contractComponents } from "./components";
import { longest, type Manifest, manifestSchema } from "./manifest";

/** Something in a manifest that cannot be released. */
export interface ManifestFault {
  /** `components.backend.image`; empty for the whole. */
  readonly key: string;
  readonly received: string;
  readonly allowed: string;
  readonly mend: string;
}

export interface ManifestReader {
  readonly contract: Contract;
  /** Where the components go: which of them are images, and which packages. @default not looked at */
  readonly facts?: Pick<ReleaseFacts, "tracks">;
  /** Whether something is deployed; otherwise it names the version that is live, and no component. @default true */
  readonly deploys?: boolean;
}

/**
 * Reads a release manifest, YAML or JSON.
 *
 * @param source What an error calls it, such as its path.
 * @throws UserError with every fault at once, each with key, value received, what is allowed and the likely mend.
 */
export function parseManifest(text: string, source: string, reader: ManifestReader): Manifest {
  const document = parseDocument(text);
  const [broken] = document.errors;
  if (broken) {
    throw new UserError(`${source} is neither YAML nor JSON: ${broken.message.trim()}`, {
      mend: "A manifest names system, version and components; npx switchyard release plan SYSTEM --to example shows one.",
    });
  }
  return checkedManifest(document.toJS(), source, reader);
}

/**
 * A manifest as it was read from a file.
 * @throws UserError with every fault at once
 */
export function checkedManifest(value: unknown, source: string, reader: ManifestReader): Manifest {
  const faults = manifestFaults(value, reader);
  if (faults.length === 0) return manifestSchema.parse(completed(value, reader));
  const lines = faults.map(
    ({ key, received, allowed, mend }) =>
      `  ${key || "the whole"}: received ${received}; allowed: ${allowed}\n    ${mend}`,
  );
  throw new UserError(`${source} cannot be released as it is:\n${lines.join("\n")}`, {
    mend: "Mend all of these; nothing was changed.",
  });
}

/** Everything that is wrong with a manifest for its system. */
export function manifestFaults(given: unknown, reader: ManifestReader): ManifestFault[] {
  const { contract, facts, deploys = true } = reader;
  const value = completed(given, reader);
  if (!isJson(value)) {
    return [
      {
        key: "",
        received: value === null || value === undefined ? "nothing" : shown(value),
        allowed: "a map with system, version and components",
        mend: "Name the manifest of a build; npx switchyard release plan SYSTEM --to example shows a plan of one.",
      },
    ];
  }
  const parsed = manifestSchema.safeParse(value);
  const faults = parsed.success ? [] : parsed.error.issues.flatMap((issue) => faultsOf(issue, value));
  return [
    ...faults,
    ...systemFaults(value, contract),
    ...(deploys ? componentFaults(value, contract, facts) : deployedFaults(value)),
    ...signatureFaults(value),
  ];
}

/** Without anything that is deployed the list of components may be left out as well. */
function completed(value: unknown, { deploys = true }: ManifestReader): unknown {
  return deploys || !isJson(value) || "components" in value ? value : { ...value, components: {} };
}

/** What a release of infrastructure alone would leave where it is. */
function deployedFaults(value: unknown): ManifestFault[] {
  const mend = "Take it out, or release both together: --type full.";
  const allowed = "nothing: a release of infrastructure alone deploys nothing";
  const named = Object.keys(at(value, ["components"]) ?? {});
  return [
    ...named.map((name) => ({
      key: `components.${name}`,
      received: shown(at(value, ["components", name])),
      allowed,
      mend,
    })),
    ...["migration", "config"].flatMap((key) => {
      const received = at(value, [key]);
      return received === undefined ? [] : [{ key, received: shown(received), allowed, mend }];
    }),
  ];
}

function faultsOf(issue: z.core.$ZodIssue, value: unknown): ManifestFault[] {
  const key = issue.path.map(String).join(".");
  const received = at(value, issue.path);
  const [first, name] = issue.path;
  if (first === "components" && name !== undefined) return [componentFault(String(name), value)];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((unknown) => ({
      key: key ? `${key}.${unknown}` : unknown,
      received: shown(at(value, [...issue.path, unknown])),
      allowed: key === "migration" ? "names and kind" : Object.keys(manifestSchema.shape).join(", "),
      mend: "Take the key out, or write it as one of these.",
    }));
  }
  const words = fieldWords[key] ?? fieldWords[String(first)];
  if (words === undefined) throw new Error(`no words for the manifest's field ${key || "(whole)"}`);
  return [{ key, received: shown(received), allowed: words.allowed, mend: words.mend }];
}

/** What may stand in a field, and the likely mend; what is inside one has its own words, or those of the whole field. */
const fieldWords: Readonly<Record<string, Pick<ManifestFault, "allowed" | "mend">>> = {
  system: { allowed: "the name of a system, as text", mend: "Name the system that is released." },
  version: {
    allowed: `text of 1 to ${longest.version} characters`,
    mend: "Give the version that the components were built as; one that reads like a number stands in quotes.",
  },
  commit: {
    allowed: "40 hexadecimal digits in lower case, as text",
    mend: "Give all of them, in quotes: git rev-parse HEAD.",
  },
  components: {
    allowed: "{ COMPONENT: { image: … } or { package: …, digest: … } }",
    mend: "Name each component of the system with its image or its package.",
  },
  migration: {
    allowed: "{ names: [NAME, …], kind: additive or destructive }",
    mend: "Name the migrations in their order and their kind, or take it out when nothing is migrated.",
  },
  "migration.names": {
    allowed: "a list of at least one name",
    mend: "Name the migrations in their order, or take migration out when nothing is migrated.",
  },
  "migration.kind": {
    allowed: "additive or destructive",
    mend: "Say additive when the version before works with the database afterwards, destructive otherwise.",
  },
  news: {
    allowed: `a list of at least one line, each of 1 to ${longest.newsLine} characters`,
    mend: "Write what is new for those who use the system, or take it out.",
  },
  config: {
    allowed: "{ COMPONENT: { NAME: value } }, each value as text",
    mend: "Write variables by component; a number, true or false stands in quotes.",
  },
};

/** An image with a tag is told apart: it is the fault that people make, and it looks right. */
function componentFault(name: string, value: unknown): ManifestFault {
  const component = at(value, ["components", name]);
  const image = at(component, ["image"]);
  if (typeof image === "string" && /^[^\s@]+$/.test(image)) {
    const repository = image.replace(/:[^:/]+$/, "");
    const tag = image.slice(repository.length + 1);
    return {
      key: `components.${name}.image`,
      received: `${shown(image)}, ${tag ? `whose tag "${tag}"` : "whose tag, latest,"} can be moved after it was tested`,
      allowed: `the image by its digest, ${repository}@sha256:…`,
      mend: `Ask the registry what the tag stands for: az acr manifest show --name ${repository.split("/").at(-1)}:${tag || "latest"} --query digest`,
    };
  }
  const isPackage = at(component, ["package"]) !== undefined;
  return {
    key: `components.${name}`,
    received: shown(component),
    allowed: isPackage
      ? "{ package: FILE or URL, digest: sha256:… with 64 hexadecimal digits }"
      : "{ image: REGISTRY/REPOSITORY@sha256:… } or { package: FILE or URL, digest: sha256:… }",
    mend: isPackage
      ? "Give the package's digest: sha256sum FILE."
      : "Take image and digest from the build that pushed it.",
  };
}

function systemFaults(value: unknown, { system }: Contract): ManifestFault[] {
  const named = at(value, ["system"]);
  if (typeof named !== "string" || named === "" || named === system) return [];
  return [
    { key: "system", received: shown(named), allowed: system, mend: `Release ${named} with its own name.` },
  ];
}

/** A manifest names all components of the contract and no other: what it leaves out would be of an unknown version. */
function componentFaults(
  value: unknown,
  contract: Contract,
  facts: ManifestReader["facts"],
): ManifestFault[] {
  const components = at(value, ["components"]);
  if (typeof components !== "object" || components === null) return [];
  const wanted = contractComponents(contract);
  const missing = wanted.filter((name) => !(name in components));
  const unknown = Object.keys(components).filter((name) => !wanted.includes(name));
  const wrongKind = (facts?.tracks ?? []).flatMap(({ components: names, target }) => {
    const kind = "components" in target ? "image" : "package";
    return names.flatMap((name) => {
      const component: unknown = (components as Record<string, unknown>)[name];
      const is = typeof component === "object" && component !== null && kind in component;
      return component === undefined || is ? [] : [{ name, kind, component }];
    });
  });
  return [
    ...missing.map((name) => ({
      key: `components.${name}`,
      received: "nothing",
      allowed: `all of ${wanted.join(", ")}`,
      mend: "Name it too; what did not change keeps its digest.",
    })),
    ...unknown.map((name) => ({
      key: `components.${name}`,
      received: shown(at(components, [name])),
      allowed: wanted.join(", "),
      mend: `${contract.system} has no such component: take it out, or write it as one of these.`,
    })),
    ...wrongKind.map(({ name, kind, component }) => ({
      key: `components.${name}`,
      received: shown(component),
      allowed:
        kind === "image"
          ? "an image by digest: it runs on the cluster"
          : "a package with its digest: it is a site",
      mend: `Give its ${kind}.`,
    })),
  ];
}

/**
 * A manifest stands in plans, journals and messages, where a signature or a login would be for everybody to read.
 */
function signatureFaults(value: unknown): ManifestFault[] {
  const components = at(value, ["components"]);
  if (typeof components !== "object" || components === null) return [];
  return Object.entries(components).flatMap(([name, component]) => {
    const place: unknown = at(component, ["package"]);
    if (typeof place !== "string" || withoutSignature(place) === place) return [];
    return [
      {
        key: `components.${name}.package`,
        received: shown(place),
        allowed: "an address that lets nobody in: without a query, a user or a password",
        mend: "Name the blob alone: whoever releases needs Storage Blob Data Reader, and signs in.",
      },
    ];
  });
}

const addressWithMore = /^([a-z][a-z0-9+.-]*:\/\/)(?:[^/?#]*@)?([^?#]*)([?#].*)?$/i;

/** An address without query and user; every other text as it is. */
function withoutSignature(text: string): string {
  const [, scheme, rest = "", query] = addressWithMore.exec(text) ?? [];
  if (scheme === undefined) return text;
  return `${scheme}${rest}${query === undefined ? "" : "?…"}`;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== "object" || found === null) return undefined;
    found = (found as Record<PropertyKey, unknown>)[key];
  }
  return found;
}

function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value, (_, part: unknown) =>
    typeof part === "string" ? withoutSignature(part) : part,
  );
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
