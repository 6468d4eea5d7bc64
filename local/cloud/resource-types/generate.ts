import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";
import type { ObjectSchema, Schema, TypeRef, TypeSchema } from "./schema";
import { TOKENS } from "./tokens";

/**
 * Reads the SDK's TypeScript declarations and writes what a deployment may say of each type: names, types, required
 * ones, enums. The SDK is generated from Azure's own specifications, so this is as near to them as an offline machine
 * gets.
 */

/** What tells, without reading the declarations, that the committed file belongs to this SDK and these tokens. */
export function tokensDigest(tokens: readonly string[] = TOKENS): string {
  return createHash("sha256").update(tokens.join("\n")).digest("hex").slice(0, 16);
}

export function sdkFolder(): string {
  return path.dirname(require.resolve("@pulumi/azure-native/package.json"));
}

export function sdkVersion(): string {
  return (JSON.parse(readFileSync(path.join(sdkFolder(), "package.json"), "utf8")) as { version: string })
    .version;
}

type Members = Map<string, ts.InterfaceDeclaration>;

/** The declarations of one namespace (`web`) of types/input.d.ts or types/output.d.ts; the files hold 200 of them. */
class Namespaces {
  private readonly text: string;
  private readonly cache = new Map<string, Members>();

  constructor(file: string) {
    this.text = readFileSync(file, "utf8");
  }

  interfaces(namespace: string): Members {
    let members = this.cache.get(namespace);
    if (members === undefined) {
      const start = this.text.indexOf(`\nexport declare namespace ${namespace} {\n`);
      if (start < 0) throw new Error(`the SDK has no namespace ${namespace}`);
      const end = this.text.indexOf("\n}\n", start);
      const body = this.text.slice(this.text.indexOf("{\n", start) + 2, end);
      members = interfacesOf(ts.createSourceFile(`${namespace}.d.ts`, body, ts.ScriptTarget.ES2023));
      this.cache.set(namespace, members);
    }
    return members;
  }
}

function interfacesOf(source: ts.SourceFile): Members {
  const found: Members = new Map();
  source.forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node)) found.set(node.name.text, node);
  });
  return found;
}

class Generator {
  private readonly root = sdkFolder();
  private readonly inputs = new Namespaces(path.join(this.root, "types/input.d.ts"));
  private readonly outputs = new Namespaces(path.join(this.root, "types/output.d.ts"));
  private readonly enumFiles = new Map<string, Map<string, (string | number)[]>>();
  readonly objects: Record<string, ObjectSchema> = {};
  readonly enums: Record<string, (string | number)[]> = {};

  type(token: string): TypeSchema {
    const [namespace, className] = token.split(":") as [string, string];
    const file = this.classFile(namespace, className);
    const text = readFileSync(file, "utf8");
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2023);
    const args = interfacesOf(source).get(`${className}Args`);
    const apiVersion = /Uses Azure REST API version ([0-9a-z-]+)/.exec(text)?.[1];
    let outputs: ObjectSchema | undefined;
    source.forEachChild((node) => {
      if (ts.isClassDeclaration(node) && node.name?.text === className) outputs = this.members(node.members);
    });
    if (args === undefined || apiVersion === undefined || outputs === undefined) {
      throw new Error(`the SDK's declaration of ${token} has not the expected shape: ${path.basename(file)}`);
    }
    return { apiVersion, inputs: this.members(args.members), outputs };
  }

  private classFile(namespace: string, className: string): string {
    const folder = path.join(this.root, namespace);
    const wanted = `${className.toLowerCase()}.d.ts`;
    const name = readdirSync(folder).find((entry) => entry.toLowerCase() === wanted);
    if (name === undefined) throw new Error(`the SDK has no class ${namespace}:${className}`);
    return path.join(folder, name);
  }

  private members(members: ts.NodeArray<ts.TypeElement> | ts.NodeArray<ts.ClassElement>): ObjectSchema {
    const properties: Record<string, TypeRef> = {};
    const required: string[] = [];
    for (const member of members) {
      if (!(ts.isPropertySignature(member) || ts.isPropertyDeclaration(member)) || member.type === undefined)
        continue;
      const name = (member.name as ts.Identifier).text;
      const { type, optional } = this.reference(member.type);
      properties[name] = type;
      if (member.questionToken === undefined && !optional) required.push(name);
    }
    return required.length === 0 ? { properties } : { properties, required: required.sort() };
  }

  private reference(node: ts.TypeNode): { type: TypeRef; optional: boolean } {
    if (ts.isParenthesizedTypeNode(node)) return this.reference(node.type);
    if (ts.isArrayTypeNode(node))
      return { type: { array: this.reference(node.elementType).type }, optional: false };
    if (ts.isUnionTypeNode(node)) return this.union(node);
    if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) {
      return { type: `'${node.literal.text}`, optional: false };
    }
    if (ts.isTypeLiteralNode(node)) {
      const index = node.members.find(ts.isIndexSignatureDeclaration);
      return {
        type: index === undefined ? "any" : { map: this.reference(index.type).type },
        optional: false,
      };
    }
    if (ts.isTypeReferenceNode(node)) return this.named(node);
    const keyword: Partial<Record<ts.SyntaxKind, string>> = {
      [ts.SyntaxKind.StringKeyword]: "string",
      [ts.SyntaxKind.NumberKeyword]: "number",
      [ts.SyntaxKind.BooleanKeyword]: "boolean",
    };
    return { type: keyword[node.kind] ?? "any", optional: false };
  }

  private union(node: ts.UnionTypeNode): { type: TypeRef; optional: boolean } {
    const rest = node.types.filter((entry) => entry.kind !== ts.SyntaxKind.UndefinedKeyword);
    const optional = rest.length < node.types.length;
    const parts = rest.map((entry) => this.reference(entry).type);
    return { type: parts.length === 1 ? parts[0]! : { union: parts }, optional };
  }

  private named(node: ts.TypeReferenceNode): { type: TypeRef; optional: boolean } {
    const name = nameOf(node.typeName);
    if (name === "pulumi.Input" || name === "pulumi.Output") return this.reference(node.typeArguments![0]!);
    const [kind, namespace, member] = name.split(".") as [string, string, string];
    if (kind === "enums") return { type: this.enumeration(namespace, member), optional: false };
    if (kind === "inputs") return { type: this.object(this.inputs, namespace, member), optional: false };
    if (kind === "outputs") return { type: this.object(this.outputs, namespace, member), optional: false };
    return { type: "any", optional: false };
  }

  private object(from: Namespaces, namespace: string, name: string): TypeRef {
    const key = `${namespace}.${name}`;
    if (this.objects[key] === undefined) {
      const declaration = from.interfaces(namespace).get(name);
      if (declaration === undefined) throw new Error(`the SDK declares no ${key}`);
      this.objects[key] = { properties: {} };
      this.objects[key] = this.members(declaration.members);
    }
    return `=${key}`;
  }

  private enumeration(namespace: string, name: string): TypeRef {
    let file = this.enumFiles.get(namespace);
    if (file === undefined) {
      file = readEnums(path.join(this.root, "types/enums", namespace, "index.d.ts"));
      this.enumFiles.set(namespace, file);
    }
    const values = file.get(name);
    if (values === undefined) throw new Error(`the SDK declares no enum ${namespace}.${name}`);
    this.enums[`${namespace}.${name}`] = values;
    return `#${namespace}.${name}`;
  }
}

function nameOf(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${nameOf(name.left)}.${name.right.text}`;
}

function readEnums(file: string): Map<string, (string | number)[]> {
  const found = new Map<string, (string | number)[]>();
  const source = ts.createSourceFile(file, readFileSync(file, "utf8"), ts.ScriptTarget.ES2023);
  source.forEachChild((node) => {
    if (!ts.isVariableStatement(node)) return;
    const declaration = node.declarationList.declarations[0]!;
    if (declaration.type === undefined || !ts.isTypeLiteralNode(declaration.type)) return;
    const values = declaration.type.members.filter(ts.isPropertySignature).map((member) => {
      const literal = (member.type as ts.LiteralTypeNode).literal;
      return ts.isNumericLiteral(literal) ? Number(literal.text) : (literal as ts.StringLiteral).text;
    });
    found.set((declaration.name as ts.Identifier).text, values);
  });
  return found;
}

export function generateSchema(tokens: readonly string[] = TOKENS): Schema {
  const generator = new Generator();
  const types = Object.fromEntries(tokens.map((token) => [token, generator.type(token)]));
  return {
    sdkVersion: sdkVersion(),
    tokensDigest: tokensDigest(tokens),
    types,
    objects: generator.objects,
    enums: generator.enums,
  };
}

/** Keys sorted at every depth, one line per type and object, so that a change of SDK shows as a readable diff. */
export function printSchema(value: Schema): string {
  const lines = (record: Record<string, unknown>) =>
    Object.keys(record)
      .sort()
      .map((key) => `    ${JSON.stringify(key)}: ${JSON.stringify(sortKeys(record[key]))}`)
      .join(",\n");
  const section = (name: "enums" | "objects" | "types") => `  "${name}": {\n${lines(value[name])}\n  }`;
  const head = `  "sdkVersion": "${value.sdkVersion}",\n  "tokensDigest": "${value.tokensDigest}"`;
  return `{\n${section("enums")},\n${section("objects")},\n${head},\n${section("types")}\n}\n`;
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== "object" || value === null) return value;
  const record = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(record)
      .sort()
      .map((key) => [key, sortKeys(record[key])]),
  );
}

if (require.main === module) {
  const target = path.resolve(process.argv[2] ?? "local/cloud/resource-types/schema.generated.json");
  writeFileSync(target, printSchema(generateSchema()));
  console.error(`wrote ${target}`);
}
