import type { SyntaxNode, Tree } from "@lezer/common";
import type { MetricContract } from "../../../runbooks/prometheus";
import { described, multiplied, over, type Quantity, quantities, same, times } from "./quantity";
import { seriesNamed } from "./series";

/** The package has a CommonJS build and types for its ES modules only. */
const { parser } = require("@prometheus-io/lezer-promql") as { parser: { parse(text: string): Tree } };

/** What an expression yields: labels of its elements, and what its numbers are numbers of. */
export interface Reading {
  /** Absent: a number of no unit, which fits any. */
  readonly quantity?: Quantity;
  /** Of a number that is written down. */
  readonly literal?: number;
  /** Absent: a scalar. */
  readonly labels?: ReadonlySet<string>;
  readonly counter?: boolean;
  readonly observed?: Quantity;
}

/**
 * Reads PromQL against a metric contract: nothing is read that nobody exports, no label that a series does not have, no
 * counter without a rate, no two sides that can never match, no sum of different units.
 *
 * @throws Error that names the part of the expression which is wrong.
 */
export function readExpression(expression: string, contract: MetricContract): Reading {
  const top = parser.parse(expression).topNode.firstChild;
  if (!top) throw new Error(`"${expression}" is empty`);
  return new Reader(expression, contract).read(top);
}

const keepsUnit = new Set(
  "abs avg_over_time ceil clamp clamp_max clamp_min delta floor idelta increase last_over_time max_over_time min_over_time quantile_over_time round scalar sort sort_desc stddev_over_time sum_over_time".split(
    " ",
  ),
);
const ofCounters = new Set(["rate", "irate", "increase", "resets"]);
const perSecond = new Set(["rate", "irate", "deriv"]);
const counts = new Set(["changes", "count_over_time", "resets", "hour", "minute", "day_of_week"]);
const comparisons = new Set(["Eql", "Neq", "Gtr", "Gte", "Lss", "Lte"]);
const sets = new Set(["And", "Or", "Unless"]);

class Reader {
  constructor(
    private readonly text: string,
    private readonly contract: MetricContract,
  ) {}

  read(node: SyntaxNode): Reading {
    switch (node.name) {
      case "ParenExpr":
      case "MatrixSelector":
      case "OffsetExpr":
      case "SubqueryExpr":
      case "StepInvariantExpr":
        return this.read(node.firstChild!);
      case "NumberDurationLiteral":
        return { literal: Number(this.of(node)) };
      case "StringLiteral":
        return {};
      case "UnaryExpr":
        return this.read(node.lastChild!);
      case "VectorSelector":
        return this.selector(node);
      case "AggregateExpr":
        return this.aggregate(node);
      case "FunctionCall":
        return this.call(node);
      case "BinaryExpr":
        return this.binary(node);
      default:
        return this.fail(node, "cannot be read");
    }
  }

  private of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  private fail(node: SyntaxNode, why: string): never {
    throw new Error(`${this.of(node) || "(nothing)"}: ${why}, in ${this.text}`);
  }

  private selector(node: SyntaxNode): Reading {
    const name = node.getChild("Identifier");
    if (!name) this.fail(node, "names no metric");
    const found = seriesNamed(this.of(name), this.contract);
    if (found.length === 0) this.fail(name, "is exported by nobody");
    const matchers = this.matchers(node);
    for (const { label } of matchers) {
      if (!found.some(({ labels }) => labels.has(label))) this.fail(node, `has no label ${label}`);
    }
    const job = matchers.find(({ label, operator }) => label === "job" && operator === "EqlSingle");
    const chosen = job ? found.filter(({ exporter }) => exporter.job === job.value) : found;
    if (chosen.length === 0) this.fail(node, `is not exported by the job ${job!.value}`);
    const [{ unit, unitBy, counter, observed }] = chosen as [(typeof chosen)[0]];
    const by = unitBy && matchers.find(({ label }) => label === unitBy.label)?.value;
    if (unitBy && (by === undefined || !(by in unitBy.units)))
      this.fail(node, `has a unit by ${unitBy.label} alone`);
    return {
      quantity: quantities[unitBy ? unitBy.units[by!]! : unit],
      labels: new Set(chosen.flatMap(({ labels }) => [...labels])),
      counter,
      ...(observed && { observed: quantities[observed] }),
    };
  }

  private matchers(node: SyntaxNode) {
    return (node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? []).map((matcher) => ({
      label: this.of(matcher.getChild("LabelName")!),
      operator: matcher.getChild("MatchOp")!.firstChild!.name,
      value: this.of(matcher.getChild("StringLiteral")!).slice(1, -1),
    }));
  }

  private labelsIn(node: SyntaxNode | null): string[] {
    return (node?.getChild("GroupingLabels")?.getChildren("LabelName") ?? []).map((label) => this.of(label));
  }

  private arguments(node: SyntaxNode): SyntaxNode[] {
    const body = node.getChild("FunctionCallBody");
    const found: SyntaxNode[] = [];
    for (let child = body?.firstChild ?? null; child; child = child.nextSibling) found.push(child);
    return found;
  }

  private aggregate(node: SyntaxNode): Reading {
    const operator = this.of(node.getChild("AggregateOp")!).toLowerCase();
    const inner = this.read(this.arguments(node).at(-1) ?? node);
    const modifier = node.getChild("AggregateModifier");
    const named = this.labelsIn(modifier);
    const missing = named.find((label) => !inner.labels?.has(label));
    if (missing !== undefined) this.fail(node, `groups by ${missing}, which is no label of it`);
    const picks = operator === "topk" || operator === "bottomk";
    const labels = modifier?.getChild("Without")
      ? new Set([...inner.labels!].filter((label) => !named.includes(label)))
      : picks
        ? inner.labels!
        : new Set(named);
    if (operator === "count" || operator === "group") return { quantity: quantities.count, labels };
    return { ...inner, labels };
  }

  private call(node: SyntaxNode): Reading {
    const name = this.of(node.getChild("FunctionIdentifier")!);
    const args = this.arguments(node);
    if (name === "time") return { quantity: quantities.timestamp };
    if (name === "vector") return { ...this.read(args[0]!), labels: new Set() };
    if (args.length === 0) return { quantity: quantities.count, labels: new Set() };
    if (name === "histogram_quantile") return this.quantile(node, this.read(args[1]!));
    const inner = this.read(name === "quantile_over_time" ? args[1]! : args[0]!);
    if (name === "absent" || name === "absent_over_time") {
      // Its 1 is no measurement: beside a comparison it says that there is nothing to compare.
      return { labels: new Set(this.equalLabels(args[0]!)) };
    }
    if (ofCounters.has(name) && !inner.counter) this.fail(node, "is a rate of what is no counter");
    const rest = { ...inner, counter: false };
    if (perSecond.has(name)) return { ...rest, quantity: over(inner.quantity!, quantities.seconds) };
    if (counts.has(name)) return { ...rest, quantity: quantities.count };
    if (name === "timestamp") return { ...rest, quantity: quantities.timestamp };
    if (keepsUnit.has(name)) return rest;
    return this.fail(node, "is a function that this reader does not know");
  }

  private equalLabels(node: SyntaxNode): string[] {
    const selector = node.name === "VectorSelector" ? node : node.getChild("VectorSelector");
    if (!selector) return [];
    return this.matchers(selector)
      .filter(({ operator }) => operator === "EqlSingle")
      .map(({ label }) => label);
  }

  private quantile(node: SyntaxNode, inner: Reading): Reading {
    if (!inner.observed || !inner.labels?.has("le"))
      this.fail(node, "is a quantile of what are no buckets by le");
    if (inner.counter) this.fail(node, "is a quantile of buckets since the process began: take their rate");
    return {
      quantity: inner.observed,
      labels: new Set([...inner.labels].filter((label) => label !== "le")),
    };
  }

  private binary(node: SyntaxNode): Reading {
    const left = this.read(node.firstChild!);
    const right = this.read(node.lastChild!);
    const operator = node.firstChild!.nextSibling!.name;
    const labels = this.matched(node, operator, left, right);
    if (sets.has(operator)) {
      if (operator === "Or") this.requireSame(node, left, right);
      return { ...left, labels };
    }
    if (left.counter || right.counter) this.fail(node, "compares or computes with a counter: take its rate");
    if (comparisons.has(operator)) {
      this.requireSame(node, left, right);
      return node.getChild("BoolModifier") ? { quantity: quantities.boolean, labels } : { ...left, labels };
    }
    return { ...this.arithmetic(node, operator, left, right), labels };
  }

  private arithmetic(node: SyntaxNode, operator: string, left: Reading, right: Reading): Reading {
    const literal = left.literal ?? right.literal;
    if (left.literal !== undefined && right.literal !== undefined) return { literal: left.literal };
    const [a, b] = [left.quantity, right.quantity];
    // Nothing of anything is nothing, in whatever unit.
    if (operator === "Mul" && literal === 0) return {};
    switch (operator) {
      case "Mul":
        return { quantity: a && b ? times(a, b) : multiplied((a ?? b)!, literal!) };
      case "Div":
        if (a && b) return { quantity: over(a, b) };
        return { quantity: a ? multiplied(a, 1 / literal!) : over(quantities.count, b!) };
      case "Add":
      case "Sub":
        this.requireSame(node, left, right);
        return { quantity: this.difference(operator, a, b) };
      default:
        return this.fail(node, `computes with ${operator}, which this reader does not know`);
    }
  }

  /** Between two moments lies a time. */
  private difference(operator: string, a: Quantity | undefined, b: Quantity | undefined): Quantity {
    const moments = a && b && same(a, quantities.timestamp);
    return moments && operator === "Sub" ? quantities.seconds : (a ?? b)!;
  }

  private requireSame(node: SyntaxNode, { quantity: a }: Reading, { quantity: b }: Reading): void {
    if (a && b && !same(a, b)) this.fail(node, `sets ${described(a)} against ${described(b)}`);
  }

  /** Labels of the result. Sides that carry different labels never match unless `on` or `ignoring` says by which. */
  private matched(node: SyntaxNode, operator: string, left: Reading, right: Reading) {
    if (!left.labels || !right.labels) return left.labels ?? right.labels;
    const modifier = node.getChild("MatchingModifierClause");
    const named = this.labelsIn(modifier);
    if (modifier?.getChild("On")) {
      const missing = named.find((label) => !left.labels!.has(label) || !right.labels!.has(label));
      if (missing !== undefined) this.fail(node, `matches on ${missing}, which not both sides have`);
      const keepsLeft = sets.has(operator) || modifier.getChild("GroupLeft");
      return keepsLeft ? left.labels : new Set(named);
    }
    if (operator === "Or") return new Set([...left.labels, ...right.labels]);
    const ignored = modifier?.getChild("Ignoring") ? named : [];
    const [a, b] = [left.labels, right.labels].map((labels) =>
      [...labels]
        .filter((label) => !ignored.includes(label))
        .sort()
        .join(", "),
    );
    if (a !== b) this.fail(node, `sides can never match: {${a}} and {${b}}`);
    return left.labels;
  }
}
