import type { Block, Expression } from "./pcl";

/** Options of a resource that name properties, which the description spells without quotes. */
const optionsOfPaths = new Set(["ignoreChanges", "replaceOnChanges", "additionalSecretOutputs"]);
const identifier = /^[A-Za-z_$][\w$]*$/;

/**
 * The resources of a description as TypeScript, each imported from its own file of the SDK. A secret value is not
 * written down: the program reads it from the stack's configuration, under a key that a comment names.
 *
 * @throws Error when the description holds anything but resources and the packages that they come from.
 */
export function typescriptOf(blocks: readonly Block[]): string {
  const resources = blocks.filter(({ type }) => type !== "package").map(resourceOf);
  const writer = new Writer(variablesOf(resources));
  const declarations = resources.map((resource) => writer.declaration(resource));
  const imports = [...new Set(resources.map(({ type }) => importOf(type)))];
  const config: string[] = [];
  if (writer.secrets.length > 0) {
    imports.push('import * as pulumi from "@pulumi/pulumi";');
    const keys = writer.secrets.map((key) => `//   pulumi config set --secret ${key}`);
    config.push(["// Secret values are read from the stack's configuration:", ...keys].join("\n"));
    config.push("const config = new pulumi.Config();");
  }
  const head = [imports.sort().join("\n"), config.join("\n")].filter((part) => part !== "");
  return `${[...head, ...declarations].join("\n\n")}\n`;
}

interface Resource {
  readonly label: string;
  readonly name: string;
  readonly type: string;
  readonly inputs: ReadonlyMap<string, Expression>;
  readonly options: ReadonlyMap<string, Expression>;
}

function resourceOf({ type, labels, attributes, blocks }: Block): Resource {
  const [label, token] = labels;
  if (type !== "resource" || label === undefined || token === undefined)
    throw new Error(`code can be generated for resources only, not for "${[type, ...labels].join(" ")}"`);
  const inputs = new Map(attributes);
  const name = inputs.get("__logicalName");
  inputs.delete("__logicalName");
  const options = blocks.find((block) => block.type === "options");
  return {
    label,
    type: token,
    name: name?.kind === "literal" ? String(name.value) : label,
    inputs,
    options: options?.attributes ?? new Map<string, Expression>(),
  };
}

/** `azure-native:storage:StorageAccount`, `random:index/randomId:RandomId` and `kubernetes:apps/v1:Deployment` alike. */
function importOf(token: string): string {
  const [packageName, module, className] = partsOf(token);
  const file = className.charAt(0).toLowerCase() + className.slice(1);
  const folders = module.split("/").filter((part) => part !== "index" && part !== file);
  return `import { ${className} } from "${["@pulumi", packageName, ...folders, file].join("/")}";`;
}

function partsOf(token: string): readonly [packageName: string, module: string, className: string] {
  const [packageName, module, className] = token.split(":");
  if (packageName === undefined || module === undefined || className === undefined)
    throw new Error(`"${token}" is not the type of a resource; one is spelled package:module:Class`);
  return [packageName, module, className];
}

/** A variable for each label, none twice and none like the class of a resource or a word of the language. */
function variablesOf(resources: readonly Resource[]): ReadonlyMap<string, string> {
  const taken = new Set(["config", "pulumi", ...resources.map(({ type }) => partsOf(type)[2])]);
  const variables = new Map<string, string>();
  for (const { label } of resources) {
    const words = label.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
    const camel = words
      .map((word, index) => (index === 0 ? lowerFirst(word) : word.charAt(0).toUpperCase() + word.slice(1)))
      .join("");
    const base = /^[A-Za-z]/.test(camel) && !reserved.has(camel) ? camel : `resource${camel}`;
    let variable = base;
    for (let number = 2; taken.has(variable); number++) variable = `${base}${number}`;
    taken.add(variable);
    variables.set(label, variable);
  }
  return variables;
}

const reserved = new Set(
  "await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield".split(
    " ",
  ),
);

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}

class Writer {
  /** Keys of the configuration that the written code reads. */
  readonly secrets: string[] = [];

  constructor(private readonly variables: ReadonlyMap<string, string>) {}

  declaration({ label, name, type, inputs, options }: Resource): string {
    const args = [JSON.stringify(name), this.#object([...inputs], "", label)];
    if (options.size > 0) {
      const entries = [...options].map(
        ([key, value]) => [key, optionsOfPaths.has(key) ? pathsAsText(value) : value] as const,
      );
      args.push(this.#object(entries, "", label));
    }
    return `const ${this.variables.get(label)} = new ${partsOf(type)[2]}(${args.join(", ")});`;
  }

  #object(entries: readonly (readonly [string, Expression])[], indent: string, path: string): string {
    if (entries.length === 0) return "{}";
    const inner = `${indent}  `;
    const lines = entries.map(([key, value]) => {
      const written = identifier.test(key) ? key : JSON.stringify(key);
      return `${inner}${written}: ${this.#value(value, inner, `${path}-${key}`)},`;
    });
    return `{\n${lines.join("\n")}\n${indent}}`;
  }

  #value(value: Expression, indent: string, path: string): string {
    switch (value.kind) {
      case "literal":
        return value.value === null ? "undefined" : JSON.stringify(value.value);
      case "object":
        return this.#object(value.entries, indent, path);
      case "list": {
        if (value.items.every(({ kind }) => kind !== "object" && kind !== "list"))
          return `[${value.items.map((item, at) => this.#value(item, indent, `${path}-${at}`)).join(", ")}]`;
        const inner = `${indent}  `;
        const lines = value.items.map((item, at) => `${inner}${this.#value(item, inner, `${path}-${at}`)},`);
        return `[\n${lines.join("\n")}\n${indent}]`;
      }
      case "reference":
        return this.#reference(value);
      case "call":
        return this.#call(value, path);
    }
  }

  #reference({ root, path }: Extract<Expression, { kind: "reference" }>): string {
    // A parent or provider that was declared before stands under its own name in the program.
    const variable = this.variables.get(root) ?? root;
    return path.reduce<string>(
      (text, step) =>
        typeof step === "string" && identifier.test(step)
          ? `${text}.${step}`
          : `${text}[${JSON.stringify(step)}]`,
      variable,
    );
  }

  #call({ name, args }: Extract<Expression, { kind: "call" }>, path: string): string {
    if (name !== "secret" || args.length !== 1)
      throw new Error(`${path}: ${name}() cannot be written as TypeScript by this language host`);
    const key = path.replace(/[^\w.-]+/g, "-");
    this.secrets.push(key);
    const get = args[0]?.kind === "literal" ? "requireSecret" : "requireSecretObject";
    return `config.${get}(${JSON.stringify(key)})`;
  }
}

function pathsAsText(value: Expression): Expression {
  if (value.kind !== "list") return value;
  const items = value.items.map((item): Expression => {
    if (item.kind !== "reference") return item;
    return { kind: "literal", value: [item.root, ...item.path].join(".") };
  });
  return { kind: "list", items };
}
