import type { z } from "zod";
import type { Environment } from "../../runbooks/model";

/** How the text of a stack file becomes a value. `json` is a list or a map. */
export type SettingForm = "text" | "number" | "boolean" | "json";

/** One setting: where it must be given, what it may be, and what an offline preview puts for a placeholder. */
export interface Setting<T = unknown> {
  readonly schema: z.ZodType<T>;
  readonly form: SettingForm;
  /** What is allowed, in words. */
  readonly allowed: string;
  /** A value that would be accepted, for the mend. */
  readonly sample: string;
  /** @default "always" */
  readonly required: "always" | "outside dev" | "never";
  /** Taken when the setting is absent. */
  readonly fallback?: T;
  /** Outside dev only an encrypted value is accepted. */
  readonly secret: boolean;
  /**
   * Put for each placeholder in it when an offline preview goes on: of the right form, and nobody's.
   * @default - the key accepts no placeholder
   */
  readonly dummy?: string;
}

export type SettingTable = Readonly<Record<string, Setting>>;

/** Values of a table's settings; optional where a stack may leave the setting out. */
export type ValuesOf<Table extends SettingTable> = {
  readonly [Key in keyof Table]: Table[Key] extends Setting<infer T> ? T : never;
};

interface Options {
  readonly allowed: string;
  readonly sample: string;
  readonly form?: SettingForm;
  readonly dummy?: string;
}

/** Every stack gives it. */
export function required<T>(schema: z.ZodType<T>, options: Options): Setting<T> {
  return { form: "text", secret: false, ...options, schema, required: "always" };
}

/** A stack may leave it out; the value is then the fallback. */
export function defaulted<T>(schema: z.ZodType<T>, fallback: T, options: Options): Setting<T> {
  return { form: "text", secret: false, ...options, fallback, schema, required: "never" };
}

/** A stack may leave it out. */
export function optional<T>(schema: z.ZodType<T>, options: Options): Setting<T | undefined> {
  return { form: "text", secret: false, ...options, schema, required: "never" };
}

/** Staging and production give it; dev may leave it out. */
export function outsideDev<T>(schema: z.ZodType<T>, options: Options): Setting<T | undefined> {
  return { form: "text", secret: false, ...options, schema, required: "outside dev" };
}

/** A value that only the owner has: encrypted on staging and production, absent in dev, which generates one. */
export function ownerSecret(schema: z.ZodType<string>, options: Options): Setting<string | undefined> {
  return { form: "text", ...options, schema, required: "outside dev", secret: true };
}

export function isRequired(setting: Setting, environment: Environment): boolean {
  return setting.required === "always" || (setting.required === "outside dev" && environment !== "dev");
}
