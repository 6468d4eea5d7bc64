import type { Token } from "./lexer";

export type Expression =
  | { readonly kind: "constant"; readonly value: unknown }
  | { readonly kind: "column"; readonly name: string; readonly at: Token }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[]; readonly at: Token }
  | {
      readonly kind: "binary";
      readonly operator: string;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "unary"; readonly operator: "-" | "not"; readonly of: Expression }
  | {
      readonly kind: "in";
      readonly operator: string;
      readonly of: Expression;
      readonly among: readonly Expression[];
    }
  | {
      readonly kind: "between";
      readonly of: Expression;
      readonly from: Expression;
      readonly to: Expression;
      readonly not: boolean;
    }
  | { readonly kind: "member"; readonly of: Expression; readonly name: Expression };

/** `name = expression`, or an expression that names itself. */
export interface Named {
  readonly name: string;
  readonly value: Expression;
}

export interface Sorting {
  readonly value: Expression;
  readonly ascending: boolean;
}

export type Operator =
  | { readonly kind: "where"; readonly condition: Expression }
  | { readonly kind: "extend" | "project"; readonly columns: readonly Named[] }
  | { readonly kind: "projectAway"; readonly names: readonly string[] }
  | { readonly kind: "summarize"; readonly values: readonly Named[]; readonly by: readonly Named[] }
  | { readonly kind: "order"; readonly by: readonly Sorting[] }
  | { readonly kind: "top"; readonly count: number; readonly by: Sorting }
  | { readonly kind: "take"; readonly count: number }
  | { readonly kind: "count" }
  | { readonly kind: "distinct"; readonly columns: readonly Named[] }
  | { readonly kind: "join"; readonly how: string; readonly with: Pipeline; readonly on: readonly string[] }
  | { readonly kind: "union"; readonly with: readonly Source[] };

export type Source =
  | { readonly kind: "table"; readonly name: string; readonly at: Token }
  | { readonly kind: "union"; readonly of: readonly Source[] }
  | { readonly kind: "pipeline"; readonly of: Pipeline };

export interface Pipeline {
  readonly source: Source;
  readonly operators: readonly Operator[];
}
