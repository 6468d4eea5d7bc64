const text = { type: "string" };
const record = (values: object) => ({ type: "object", additionalProperties: values });
const anything = record({ $ref: "pulumi.json#/Any" });

const trackProperties = {
  system: { ...text, description: "The system whose releases move this traffic." },
  target: {
    ...anything,
    description: "Where the traffic is decided: a Service, an HTTPRoute, a site with a slot, a static site.",
  },
  initial: { ...text, description: "The side that has the traffic when the object is first made." },
  sides: { ...record(text), description: "Release key by declared side." },
  journal: { ...text, description: "Container of the releases' journals." },
};
const required = ["system", "target", "initial", "sides"];

/** Package schema of the plugin, for the code that the engine generates and for `pulumi package`. */
export function packageSchema(version: string): string {
  return JSON.stringify({
    name: "switchyard",
    version,
    description: "What is live of a system: guarded by Track, seen by observe.",
    resources: {
      "switchyard:index:Track": {
        description: "Guards what is live of a system.",
        properties: trackProperties,
        required,
        inputProperties: trackProperties,
        requiredInputs: required,
      },
    },
    functions: {
      "switchyard:index:observe": {
        description: "What is live at this moment.",
        inputs: {
          properties: { system: text, track: text, target: anything },
          required: ["system", "track", "target"],
        },
        outputs: {
          properties: {
            exists: { type: "boolean" },
            known: { type: "boolean" },
            live: text,
            idle: text,
            traffic: record({ type: "number" }),
            sides: record(text),
            parts: record(record(text)),
            reason: text,
          },
          required: ["exists", "known", "traffic", "sides"],
        },
      },
    },
  });
}
