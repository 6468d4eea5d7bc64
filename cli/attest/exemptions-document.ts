import { readFileSync } from "node:fs";
import { type Document, isMap, isSeq, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";
import { UserError } from "../../local/user-error";
import type { ExemptionFields } from "../../policies/exemptions/exemption";
import { readFault } from "../read-fault";

type Signature = { readonly keyid: string; readonly sig: string };

/** exemptions.yaml as it is edited: comments and order stay. */
export class ExemptionsDocument {
  private constructor(
    private readonly document: Document,
    private readonly list: YAMLSeq,
  ) {}

  /** @throws UserError when the file cannot be read, or is not one of exemptions. */
  static read(file: string): ExemptionsDocument {
    const document = parseDocument(textOf(file));
    const list: unknown = document.get("exemptions");
    if (document.errors.length > 0 || !isSeq(list)) {
      const why = document.errors[0]?.message.split("\n")[0] ?? "it has no list called exemptions";
      throw new UserError(`${file} is not a file of exemptions: ${why}`, {
        mend: "docs/exemptions.md shows one.",
      });
    }
    return new ExemptionsDocument(document, list);
  }

  /** The fields of an entry as they stand, signatures apart; undefined when there is none. */
  entry(rule: string, resource: string): Partial<ExemptionFields> | undefined {
    const { signatures: _apart, ...fields } = (this.#find(rule, resource)?.toJSON() ?? {}) as {
      signatures?: unknown;
    };
    return this.#find(rule, resource) === undefined ? undefined : fields;
  }

  /** Adds a signature; those under other fields are of another text, and go. */
  sign(fields: ExemptionFields, signature: Signature): void {
    const before = this.#find(fields.rule, fields.resource);
    const entry = before ?? this.#add(fields);
    const known = before?.toJSON() as (ExemptionFields & { signatures?: Signature[] }) | undefined;
    const same =
      known !== undefined &&
      Object.entries(fields).every(([name, value]) => known[name as keyof ExemptionFields] === value);
    for (const [name, value] of Object.entries(fields)) if (entry.get(name) !== value) entry.set(name, value);
    const kept = same ? (known.signatures ?? []).filter(({ keyid }) => keyid !== signature.keyid) : [];
    entry.set("signatures", this.document.createNode([...kept, signature]));
  }

  text(): string {
    return this.document.toString({ lineWidth: 0 });
  }

  #find(rule: string, resource: string): YAMLMap | undefined {
    return this.list.items.find(
      (item): item is YAMLMap =>
        isMap(item) && item.get("rule") === rule && item.get("resource") === resource,
    );
  }

  #add(fields: ExemptionFields): YAMLMap {
    const entry = this.document.createNode({ ...fields }) as unknown as YAMLMap;
    this.list.flow = false;
    this.list.add(entry);
    return entry;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "exemptions: []\n";
    throw new UserError(`${file} cannot be read: ${readFault(error)}.`, { cause: error });
  }
}
