import { z } from "zod";
import type { Target } from "../../runbooks/target";
import { sidesOf } from "./sides";

/** A fault in what a track or an observation was given. */
export interface InputFault {
  /** `target.ports[0].port`; empty for the whole. */
  readonly path: string;
  readonly reason: string;
}

const text = z.string().min(1);
const colourNames = z.strictObject({ blue: text, green: text });
const components = z.record(text, colourNames).refine((value) => Object.keys(value).length > 0);
const cluster = { context: text.optional(), clusterId: z.string().startsWith("/subscriptions/").optional() };
const port = z.strictObject({
  name: text,
  port: z.int().min(1).max(65535),
  targetPort: z.union([z.int().min(1).max(65535), text]).optional(),
  protocol: z.enum(["TCP", "UDP", "SCTP"]).optional(),
  appProtocol: text.optional(),
});
const siteId = (type: string) =>
  z.string().regex(new RegExp(`^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/${type}/[^/]+$`, "i"));

const target = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("selector"),
    ...cluster,
    namespace: text,
    service: text,
    ports: z.array(port).min(1),
    selector: z.record(text, text).refine((value) => Object.keys(value).length > 0),
    components,
  }),
  z.strictObject({
    kind: z.literal("gateway"),
    ...cluster,
    namespace: text,
    route: text,
    hostnames: z.array(text),
    gateway: z.strictObject({ name: text, namespace: text }),
    services: colourNames.extend({ port: z.int().min(1).max(65535) }),
    components,
  }),
  z.strictObject({ kind: z.literal("slots"), siteId: siteId("Microsoft.Web/sites"), slot: text }),
  z.strictObject({ kind: z.literal("staticSite"), siteId: siteId("Microsoft.Web/staticSites") }),
]);

const track = z.strictObject({
  system: text,
  target,
  initial: text,
  sides: z.record(text, text),
  journal: z.url({ protocol: /^https$/ }).optional(),
});

const question = z.strictObject({ system: text, track: text, target });

export type TrackInputs = Omit<z.infer<typeof track>, "target"> & { readonly target: Target };
export type ObserveQuestion = Omit<z.infer<typeof question>, "target"> & { readonly target: Target };

type Parsed<T> = { readonly value: T } | { readonly faults: readonly InputFault[] };

/** What a `Track` was given, or everything that is wrong with it. */
export function parseTrack(value: unknown): Parsed<TrackInputs> {
  const parsed = track.safeParse(value);
  if (!parsed.success) return { faults: parsed.error.issues.map(faultOf) };
  const inputs = parsed.data as TrackInputs;
  const faults = sideFaults(inputs);
  return faults.length > 0 ? { faults } : { value: inputs };
}

/** What `observe` was asked, or everything that is wrong with it. */
export function parseQuestion(value: unknown): Parsed<ObserveQuestion> {
  const parsed = question.safeParse(value);
  return parsed.success
    ? { value: parsed.data as ObserveQuestion }
    : { faults: parsed.error.issues.map(faultOf) };
}

function sideFaults({ initial, sides, target }: TrackInputs): readonly InputFault[] {
  const known = sidesOf(target);
  const fault = (path: string, name: string): readonly InputFault[] =>
    known.includes(name)
      ? []
      : [{ path, reason: `${JSON.stringify(name)} is not a side; allowed: ${known.join(", ")}` }];
  return [
    ...fault("initial", initial),
    ...Object.keys(sides).flatMap((name) => fault(`sides.${name}`, name)),
  ];
}

function faultOf({ path, message }: z.core.$ZodIssue): InputFault {
  return { path: path.map(String).join("."), reason: message };
}
