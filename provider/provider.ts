import { Cancelled } from "../plugin-server/errors";
import type { CheckCall, CheckResult, Context, Provider } from "../plugin-server/provider";
import { containsSecret, containsUnknown, type PropertyMap } from "../plugin-server/values/property";
import { parseUrn } from "../plugin-server/values/urn";
import type { Environment } from "../release/clients/azure-login";
import { objectPath } from "../release/clients/paths";
import { isClusterTarget, type Outside, outsideOf, World } from "../release/clients/world";
import { judge } from "../release/targets/guard";
import { describeTarget, targetId } from "../release/targets/sides";
import { observationOf, unknownObservation } from "../release/targets/sighting";
import type { InputFault, TrackInputs } from "../release/targets/target-input";
import { UserError } from "../release/user-error";
import { diffTrack } from "./diff";
import type { StackGuard } from "./guard";
import {
  makePosition,
  refuseLosingTraffic,
  refuseOthersNamespace,
  removePosition,
  writePlainParts,
} from "./position";
import { packageSchema } from "./schema";

const version = "0.1.0";
const trackToken = "switchyard:index:Track";
const observeToken = "switchyard:index:observe";

/** At first use: the library of schemas takes a third of the time in which a plugin should be up. */
function schemas() {
  return require("../release/targets/target-input") as typeof import("../release/targets/target-input");
}

/** The provider of `Track` and `observe`. */
export function switchyardProvider(env: Environment, guard: StackGuard): Provider {
  const outside: Outside = outsideOf(env);

  /** Gives `work` a world that it leaves when the engine cancels. */
  async function inWorld<T>(context: Context, what: string, work: (world: World) => Promise<T>): Promise<T> {
    try {
      return await work(new World(outside, context.signal));
    } catch (error) {
      if (context.signal.aborted) throw new Cancelled(what);
      throw error;
    }
  }

  async function judgeTrack(call: CheckCall, inputs: TrackInputs, context: Context): Promise<string[]> {
    if (guard.offline) {
      context.note(`${describeTarget(inputs.target)}: live side not checked, as this is an offline preview`);
      return [];
    }
    const before = call.olds.sides as Record<string, string> | undefined;
    const { sighting, lease } = await inWorld(context, `check of ${call.name}`, async (world) => {
      await refuseOthersNamespace(world, inputs, before === undefined);
      return {
        sighting: await world.look(inputs.target),
        lease: await world.lease(inputs.system, { stack: stackOf(call.urn), journal: inputs.journal }),
      };
    });
    const verdict = judge({ ...inputs, declared: inputs.sides, before, sighting, lease, now: new Date() });
    for (const note of verdict.notes) context.warn(note);
    return [...verdict.refusals];
  }

  return {
    name: "switchyard",
    version,
    schema: () => packageSchema(version),
    checkConfig: () => [],
    configure: () => {},

    async check(call, context): Promise<CheckResult> {
      refuseOtherTypes(call.type);
      const faults = inputFaults(call.news);
      if (faults.length > 0) return refused(call.news, faults);
      const parsed = schemas().parseTrack(call.news);
      if ("faults" in parsed) return refused(call.news, parsed.faults.map(faultText));
      return refused(call.news, await judgeTrack(call, parsed.value, context));
    },

    diff: ({ oldInputs, news }) => diffTrack(oldInputs, news),

    async create({ inputs, preview, name }, context) {
      const track = inputsOf(inputs);
      if (!preview) {
        await inWorld(context, `create of ${name}`, (world) => makePosition(world, track));
      }
      return { id: targetId(track.target), outputs: inputs };
    },

    async update({ inputs, oldInputs, preview, name }, context) {
      const track = inputsOf(inputs);
      if (!preview) {
        await inWorld(context, `update of ${name}`, async (world) => {
          await makePosition(world, track);
          if (writesPlainParts(oldInputs, inputs)) await writePlainParts(world, track);
        });
      }
      return inputs;
    },

    /** Says only whether it is still there: who has the traffic is no property of a track. */
    async read({ id, inputs, name }, context) {
      if (inputs === undefined || Object.keys(inputs).length === 0) {
        throw new UserError(`a Track cannot be imported (${id})`, {
          mend: "declare it: it takes over the Service or HTTPRoute that it finds, as it is",
        });
      }
      const { target } = inputsOf(inputs);
      if (isClusterTarget(target)) {
        const there = await inWorld(context, `read of ${name}`, async (world) => {
          const cluster = await world.cluster(target);
          return (await cluster?.find(objectPath(target))) !== undefined;
        });
        if (!there) return undefined;
      }
      return { id, inputs, outputs: inputs };
    },

    async delete({ urn, name, oldInputs, olds }, context) {
      const track = inputsOf(Object.keys(oldInputs).length > 0 ? oldInputs : olds);
      await inWorld(context, `delete of ${name}`, async (world) => {
        if (!isDev(urn)) refuseLosingTraffic(track, await world.look(track.target), urn);
        await removePosition(world, track);
      });
    },

    async invoke({ token, args }, context) {
      if (token !== observeToken) {
        throw new UserError(`${token} is not a function of this provider; it has ${observeToken}`);
      }
      const parsed = schemas().parseQuestion(args);
      if ("faults" in parsed) {
        throw new UserError(`observe was asked something wrong: ${parsed.faults.map(faultText).join("; ")}`);
      }
      const { target } = parsed.value;
      if (guard.offline) return { ...unknownObservation("offline preview: nothing was asked") };
      const sighting = await inWorld(context, "observe", (world) => world.look(target));
      return { ...observationOf(target, sighting) };
    },
  };
}

function refuseOtherTypes(type: string): void {
  if (type === trackToken) return;
  throw new UserError(`${type} is not a resource of this provider; it has ${trackToken}`);
}

function inputFaults(news: PropertyMap): string[] {
  if (containsSecret(news)) return ["a track takes no secrets: its inputs are kept in the state as they are"];
  if (!containsUnknown(news)) return [];
  const unknown = Object.keys(news).filter((key) => containsUnknown(news[key]));
  return [`${unknown.join(", ")} must be known in preview: compute names and keys, take none from an output`];
}

/** A refusal carries no property: the engine would print the whole value in front of it. */
function refused(inputs: PropertyMap, reasons: readonly string[]): CheckResult {
  return { inputs, failures: reasons.map((reason) => ({ property: "", reason })) };
}

function faultText({ path, reason }: InputFault): string {
  return path === "" ? reason : `${path}: ${reason}`;
}

/** Inputs that went through Check before. */
function inputsOf(inputs: PropertyMap): TrackInputs {
  return inputs as unknown as TrackInputs;
}

function writesPlainParts(old: PropertyMap, now: PropertyMap): boolean {
  const plain = /^target\.(ports|hostnames|gateway)/;
  return diffTrack(old, now).changes.some(({ path }) => plain.test(path));
}

/** Whether the stack is the local one. */
function isDev(urn: string): boolean {
  return stackOf(urn) === "dev";
}

/** Name of the stack of a resource; a URN that is none belongs to no stack, least of all to dev. */
function stackOf(urn: string): string {
  return parseUrn(urn)?.stack ?? "";
}
