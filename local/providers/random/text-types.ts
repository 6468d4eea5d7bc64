import type { CheckFailure } from "../../../plugin-server/provider";
import type { PropertyMap } from "../../../plugin-server/values/property";
import type { RandomType } from "./random-type";
import { secureSource, shuffled } from "./source";

const LOWER = "abcdefghijklmnopqrstuvwxyz";
const UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const DIGITS = "0123456789";
const SPECIAL = "!@#$%&*()-_=+[]{}<>:?";

interface TextInputs {
  length: number;
  lower: boolean;
  upper: boolean;
  numeric: boolean;
  special: boolean;
  minLower: number;
  minUpper: number;
  minNumeric: number;
  minSpecial: number;
  overrideSpecial?: string;
}

const inputs: RandomType["inputs"] = {
  keepers: { type: "string map" },
  length: { type: "number", required: true, minimum: 1 },
  lower: { type: "boolean", default: true },
  upper: { type: "boolean", default: true },
  numeric: { type: "boolean", default: true },
  number: { type: "boolean", default: true },
  special: { type: "boolean", default: true },
  minLower: { type: "number", default: 0, minimum: 0 },
  minUpper: { type: "number", default: 0, minimum: 0 },
  minNumeric: { type: "number", default: 0, minimum: 0 },
  minSpecial: { type: "number", default: 0, minimum: 0 },
  overrideSpecial: { type: "string" },
};

/** `number` is the old name of `numeric`. */
function normalise(given: PropertyMap): PropertyMap {
  const numeric = given.numeric ?? given.number;
  return numeric === undefined ? given : { ...given, numeric, number: numeric };
}

function validate(given: PropertyMap): CheckFailure[] {
  const { length, lower, upper, numeric, special, ...rest } = given as unknown as TextInputs;
  const minimum = rest.minLower + rest.minUpper + rest.minNumeric + rest.minSpecial;
  const failures: CheckFailure[] = [];
  if (minimum > length) {
    const reason = `is ${length}, which is less than minLower + minUpper + minNumeric + minSpecial = ${minimum}`;
    failures.push({ property: "length", reason });
  }
  if (!lower && !upper && !numeric && !special && minimum < length) {
    failures.push({ property: "", reason: "at least one of lower, upper, numeric and special must be true" });
  }
  return failures;
}

function pick(alphabet: string, count: number): string[] {
  return Array.from({ length: count }, () => alphabet[secureSource(alphabet.length)]!);
}

function randomText(given: PropertyMap): string {
  const wanted = given as unknown as TextInputs;
  const special = wanted.overrideSpecial || SPECIAL;
  const required = [
    ...pick(LOWER, wanted.minLower),
    ...pick(UPPER, wanted.minUpper),
    ...pick(DIGITS, wanted.minNumeric),
    ...pick(special, wanted.minSpecial),
  ];
  const alphabet = [
    wanted.lower ? LOWER : "",
    wanted.upper ? UPPER : "",
    wanted.numeric ? DIGITS : "",
    wanted.special ? special : "",
  ].join("");
  return shuffled([...required, ...pick(alphabet, wanted.length - required.length)], secureSource).join("");
}

/** What an imported text says of its own options: the length; everything else is the default. */
function importedOptions(text: string): PropertyMap {
  const defaults = Object.entries(inputs).flatMap(([name, spec]) =>
    spec.default === undefined ? [] : [[name, spec.default]],
  );
  return { length: text.length, ...Object.fromEntries(defaults) };
}

/** Go's bcrypt.DefaultCost, which the real provider uses. */
const bcryptCost = 10;

/** The library is loaded when the first password is made: it would double the provider's start. */
function bcryptHash(password: string): string {
  const { genSaltSync, hashSync } = require("bcryptjs") as typeof import("bcryptjs");
  // Go names the version 2a where the library says 2b; both mean the same algorithm.
  return hashSync(password, genSaltSync(bcryptCost).replace("$2b$", "$2a$"));
}

export const randomPassword: RandomType = {
  token: "random:index/randomPassword:RandomPassword",
  inputs,
  computed: ["result", "bcryptHash"],
  secretOutputs: ["result", "bcryptHash"],
  normalise,
  validate,
  generate(given) {
    const result = randomText(given);
    return { id: "none", outputs: { result, bcryptHash: bcryptHash(result) } };
  },
  importFormat: "the password itself",
  importFrom(id) {
    const options = importedOptions(id);
    return { id: "none", inputs: options, outputs: { ...options, result: id, bcryptHash: bcryptHash(id) } };
  },
};

export const randomString: RandomType = {
  token: "random:index/randomString:RandomString",
  inputs,
  computed: ["result"],
  normalise,
  validate,
  generate(given) {
    const result = randomText(given);
    return { id: result, outputs: { result } };
  },
  importFormat: "the string itself",
  importFrom(id) {
    const options = importedOptions(id);
    return { id, inputs: options, outputs: { ...options, result: id } };
  },
};
