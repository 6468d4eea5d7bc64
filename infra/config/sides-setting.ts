import { z } from "zod";
import { type Colour, colours } from "../../runbooks/target";
import type { Sides } from "../kubernetes/sides";
import { required, type Setting } from "./setting";

/** Of the right form for a version and an image alike, and nobody's. */
const dummyImage = `registry.invalid/not-given@sha256:${"0".repeat(64)}`;

const version = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+@:/-]{0,127}$/);
/** A tag may point elsewhere tomorrow; a digest may not (architecture.md, The release). */
const image = z
  .string()
  .regex(/^[a-z0-9][a-z0-9.-]*(?::\d+)?(?:\/[a-z0-9][a-z0-9._-]*)+@sha256:[0-9a-f]{64}$/);
const variables = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string());

/**
 * `SYSTEM:sides`: what is deployed on each colour. A block names an image for every component of the system; a colour
 * may be left out, but not both.
 */
export function sidesSetting<Component extends string>(
  components: readonly Component[],
): Setting<Sides<Component>> {
  const block = z.strictObject({
    version,
    images: z.strictObject(Object.fromEntries(components.map((component) => [component, image]))),
    config: z
      .strictObject(Object.fromEntries(components.map((component) => [component, variables.optional()])))
      .optional(),
  });
  const byColour: Record<Colour, z.ZodOptional<typeof block>> = {
    blue: block.optional(),
    green: block.optional(),
  };
  const schema = z
    .strictObject(byColour)
    .refine((sides) => colours.some((colour) => sides[colour] !== undefined));
  return required(schema as unknown as z.ZodType<Sides<Component>>, {
    form: "json",
    allowed: `a map with blue, green or both, each { version, images: { ${components.join(", ")} } } and optionally config, a map from components to environment variables; an image is REGISTRY/REPOSITORY@sha256:DIGEST, never a tag`,
    sample: '{"blue":{"version":"1.4.2","images":{…}}}',
    dummy: dummyImage,
  });
}
