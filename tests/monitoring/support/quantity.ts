import type { MetricUnit } from "../../../runbooks/prometheus";

const bases = ["seconds", "timestamp", "bytes", "currency"] as const;
type Base = (typeof bases)[number];

/** What a number is a number of: exponents of the bases, and how much of them 1 stands for. */
export interface Quantity {
  readonly exponents: Readonly<Partial<Record<Base, number>>>;
  readonly scale: number;
}

function quantity(exponents: Quantity["exponents"], scale = 1): Quantity {
  return { exponents, scale };
}

/** Numbers of things, shares and yes-or-no have no dimension: they cannot be told apart here. */
export const quantities = {
  ratio: quantity({}),
  boolean: quantity({}),
  count: quantity({}),
  percent: quantity({}, 0.01),
  countPerSecond: quantity({ seconds: -1 }),
  countPerMinute: quantity({ seconds: -1 }, 1 / 60),
  seconds: quantity({ seconds: 1 }),
  milliseconds: quantity({ seconds: 1 }, 0.001),
  days: quantity({ seconds: 1 }, 24 * 60 * 60),
  timestamp: quantity({ timestamp: 1 }),
  bytes: quantity({ bytes: 1 }),
  bytesPerSecond: quantity({ bytes: 1, seconds: -1 }),
  currency: quantity({ currency: 1 }),
  currencyPerCount: quantity({ currency: 1 }),
} as const satisfies Record<MetricUnit, Quantity>;

export function times(left: Quantity, right: Quantity): Quantity {
  return combined(left, right, 1, left.scale * right.scale);
}

export function over(left: Quantity, right: Quantity): Quantity {
  return combined(left, right, -1, left.scale / right.scale);
}

/** The unit after the number was multiplied: `100 *` a ratio is in percent. */
export function multiplied({ exponents, scale }: Quantity, factor: number): Quantity {
  return { exponents, scale: scale / factor };
}

function combined(left: Quantity, right: Quantity, sign: 1 | -1, scale: number): Quantity {
  const exponents: Partial<Record<Base, number>> = {};
  for (const base of bases) {
    const exponent = (left.exponents[base] ?? 0) + sign * (right.exponents[base] ?? 0);
    if (exponent !== 0) exponents[base] = exponent;
  }
  return { exponents, scale };
}

export function same(left: Quantity, right: Quantity): boolean {
  return (
    bases.every((base) => (left.exponents[base] ?? 0) === (right.exponents[base] ?? 0)) &&
    Math.abs(left.scale / right.scale - 1) < 1e-9
  );
}

/**
 * Whether a number of `quantity` may be called one of `unit`. A count divided by a capacity that is written down, such as
 * connections by a pool of 100, is a ratio.
 */
export function fits(unit: MetricUnit, found: Quantity): boolean {
  const share = unit === "ratio" && Object.keys(found.exponents).length === 0 && found.scale > 1;
  return share || same(quantities[unit], found);
}

export function described({ exponents, scale }: Quantity): string {
  const parts = bases.flatMap((base) => (exponents[base] ? [`${base}^${exponents[base]}`] : []));
  return `${scale === 1 ? "" : `${scale} `}${parts.join(" ") || "number"}`;
}
