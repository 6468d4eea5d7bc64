import { randomBytes, randomUUID } from "node:crypto";
import type { PropertyMap } from "../../../plugin-server/values/property";
import { UserError } from "../../user-error";
import { ADJECTIVES, ADVERBS, ANIMALS } from "./pet-words";
import type { RandomType } from "./random-type";
import { secureSource, seededSource, shuffled } from "./source";

const keepers = { type: "string map" } as const;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function idOutputs(bytes: Buffer, prefix: string): PropertyMap {
  const base64 = bytes.toString("base64");
  return {
    b64Std: prefix + base64,
    b64Url: prefix + bytes.toString("base64url"),
    hex: prefix + bytes.toString("hex"),
    dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
  };
}

export const randomId: RandomType = {
  token: "random:index/randomId:RandomId",
  inputs: { keepers, byteLength: { type: "number", required: true, minimum: 1 }, prefix: { type: "string" } },
  computed: ["b64Std", "b64Url", "hex", "dec"],
  generate(inputs) {
    const bytes = randomBytes(inputs.byteLength as number);
    const prefix = (inputs.prefix as string | undefined) ?? "";
    return { id: bytes.toString("base64url"), outputs: idOutputs(bytes, prefix) };
  },
  importFormat: "[PREFIX,]BASE64URL",
  importFrom(id) {
    const comma = id.lastIndexOf(",");
    const text = id.slice(comma + 1);
    const bytes = Buffer.from(text, "base64url");
    if (bytes.length === 0 || bytes.toString("base64url") !== text) {
      throw new UserError(`"${text}" is not base64url text`);
    }
    const inputs: PropertyMap = { byteLength: bytes.length };
    if (comma >= 0) inputs.prefix = id.slice(0, comma);
    return { id: text, inputs, outputs: { ...inputs, ...idOutputs(bytes, id.slice(0, Math.max(0, comma))) } };
  },
};

/** A time-ordered UUID (RFC 9562, version 7). */
function uuid7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function uuidType(token: string, make: () => string): RandomType {
  return {
    token,
    inputs: { keepers },
    computed: ["result"],
    generate() {
      const result = make();
      return { id: result, outputs: { result } };
    },
    importFormat: "the UUID itself",
    importFrom(id) {
      if (!UUID.test(id)) throw new UserError(`"${id}" is not a UUID`);
      return { id, inputs: {}, outputs: { result: id } };
    },
  };
}

export const randomUuid = uuidType("random:index/randomUuid:RandomUuid", randomUUID);
export const randomUuid4 = uuidType("random:index/randomUuid4:RandomUuid4", randomUUID);
export const randomUuid7 = uuidType("random:index/randomUuid7:RandomUuid7", uuid7);

const sourceOf = (inputs: PropertyMap) => {
  const seed = inputs.seed as string | undefined;
  return seed === undefined || seed === "" ? secureSource : seededSource(seed);
};

export const randomInteger: RandomType = {
  token: "random:index/randomInteger:RandomInteger",
  inputs: {
    keepers,
    min: { type: "number", required: true },
    max: { type: "number", required: true },
    seed: { type: "string" },
  },
  computed: ["result"],
  validate(inputs) {
    const [min, max] = [inputs.min as number, inputs.max as number];
    return min <= max ? [] : [{ property: "min", reason: `is ${min}, which is more than max, ${max}` }];
  },
  generate(inputs) {
    const [min, max] = [inputs.min as number, inputs.max as number];
    const result = min + sourceOf(inputs)(max - min + 1);
    return { id: String(result), outputs: { result } };
  },
  importFormat: "RESULT,MIN,MAX[,SEED]",
  importFrom(id) {
    const [result, min, max, seed] = id.split(",");
    const numbers = [result, min, max].map((text) =>
      text === undefined || text === "" ? Number.NaN : Number(text),
    );
    if (!numbers.every(Number.isInteger)) throw new UserError(`"${id}" does not hold three whole numbers`);
    const inputs: PropertyMap = { min: numbers[1], max: numbers[2], ...(seed === undefined ? {} : { seed }) };
    return { id: String(numbers[0]), inputs, outputs: { ...inputs, result: numbers[0] } };
  },
};

export const randomPet: RandomType = {
  token: "random:index/randomPet:RandomPet",
  inputs: {
    keepers,
    length: { type: "number", default: 2, minimum: 1 },
    prefix: { type: "string" },
    separator: { type: "string", default: "-" },
  },
  computed: [],
  generate(inputs) {
    const from = (words: readonly string[]) => words[secureSource(words.length)]!;
    const length = inputs.length as number;
    const words = Array.from({ length }, (_, index) => {
      const left = length - index;
      return from(left === 1 ? ANIMALS : left === 2 ? ADJECTIVES : ADVERBS);
    });
    const prefix = inputs.prefix as string | undefined;
    const parts = prefix === undefined || prefix === "" ? words : [prefix, ...words];
    return { id: parts.join(inputs.separator as string), outputs: {} };
  },
};

export const randomShuffle: RandomType = {
  token: "random:index/randomShuffle:RandomShuffle",
  inputs: {
    keepers,
    inputs: { type: "string list", required: true },
    resultCount: { type: "number", minimum: 0 },
    seed: { type: "string" },
  },
  computed: ["results"],
  generate(inputs) {
    const list = inputs.inputs as string[];
    const source = sourceOf(inputs);
    const count = list.length === 0 ? 0 : (inputs.resultCount as number | undefined) || list.length;
    const results: string[] = [];
    // More results than inputs: whole permutations one after the other, as the real provider does.
    while (results.length < count) results.push(...shuffled(list, source).slice(0, count - results.length));
    return { id: "-", outputs: { results } };
  },
};
