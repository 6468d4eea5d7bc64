import { z } from "zod";
import { jsonDigest } from "../../runbooks/digest";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);

/** Most characters of a text in a manifest. */
export const longest = { version: 63, newsLine: 200 } as const;

/** A container image: `REGISTRY/REPOSITORY@sha256:…`, never a tag. */
const image = z.strictObject({ image: z.string().regex(/^[^\s@]+@sha256:[0-9a-f]{64}$/) });

/** A package of a site: where it is fetched from, and the digest that what was fetched must have. */
const sitePackage = z.strictObject({ package: z.string().min(1), digest });

const componentSchema = z.union([image, sitePackage]);

/** What a release brings: the thing that people approve. YAML or JSON; its digest is that of what it says. */
export const manifestSchema = z.strictObject({
  system: z.string().min(1),
  /** Readable version, such as `1.4.2`. */
  version: z.string().min(1).max(longest.version),
  /** Commit of the source. */
  commit: z
    .string()
    .regex(/^[0-9a-f]{40}$/)
    .optional(),
  components: z.record(z.string(), componentSchema),
  migration: z
    .strictObject({
      /** Names of the migrations in their order. */
      names: z.array(z.string().min(1)).min(1),
      /** `additive`: the version before works with the database afterwards. */
      kind: z.enum(["additive", "destructive"]),
    })
    .optional(),
  /** What is new, in words for those who use the system, a line each. */
  news: z.array(z.string().min(1).max(longest.newsLine)).min(1).optional(),
  /** Plain configuration of the side, by component. */
  config: z.record(z.string(), z.record(z.string(), z.string())).optional(),
});

export type Manifest = z.infer<typeof manifestSchema>;
export type ManifestComponent = z.infer<typeof componentSchema>;

export function manifestDigest(manifest: Manifest): string {
  return jsonDigest(manifest);
}

/** Digest of a component, whatever it is. */
export function componentDigest(component: ManifestComponent): string {
  return "image" in component ? component.image.slice(component.image.indexOf("@") + 1) : component.digest;
}
