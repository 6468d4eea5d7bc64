import type { CheckFailure } from "../../../plugin-server/provider";
import type { PropertyMap } from "../../../plugin-server/values/property";

export type InputType = "string" | "number" | "boolean" | "string list" | "string map";

export interface InputSpec {
  type: InputType;
  required?: boolean;
  /** What the type takes when the input is absent; also an output then. */
  default?: string | number | boolean;
  /** Lowest whole number allowed. */
  minimum?: number;
}

export interface Generated {
  id: string;
  outputs: PropertyMap;
}

export interface Imported extends Generated {
  inputs: PropertyMap;
}

/** One resource type of the random provider. Each input, when changed, makes a new value (a replacement). */
export interface RandomType {
  /** `random:index/randomId:RandomId` */
  token: string;
  inputs: Readonly<Record<string, InputSpec>>;
  /** Outputs that are not inputs. */
  computed: readonly string[];
  secretOutputs?: readonly string[];
  /** Inputs with old names folded in; run before defaults are filled. */
  normalise?(inputs: PropertyMap): PropertyMap;
  /** Rules that span inputs; values are known and of the right type. */
  validate?(inputs: PropertyMap): CheckFailure[];
  /** @param inputs known, checked, defaults filled in */
  generate(inputs: PropertyMap): Generated;
  /** From the id given to `pulumi import`; absent where the real provider has no import. */
  importFrom?(id: string): Imported;
  /** What an import id must look like. */
  importFormat?: string;
}
