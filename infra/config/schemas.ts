import { z } from "zod";
import { colours } from "../../runbooks/target";
import { isAddressRange } from "./address-range";

/** What settings of several systems are made of. */

/** A host name or a domain that is nobody's example (conflicts 21). */
export const domainName = z
  .string()
  .regex(/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/)
  .refine((value) => !/(?:^|\.)(?:example\.(?:com|org|net)|yourdomain\.com)$/.test(value));

export const text = z.string().min(1);
export const mail = z.email();
/** Somebody whom a release or an incident calls. */
export const person = z.strictObject({ name: text, contact: text });
export const slackWebhook = z.string().regex(/^https:\/\/hooks\.slack\.com\/\S+$/);
export const pagerDutyKey = z.string().regex(/^[A-Za-z0-9]{20,40}$/);
export const firstOfMonth = z.string().regex(/^20\d{2}-(?:0[1-9]|1[0-2])-01$/);

export const addressRanges = z.array(z.string().refine(isAddressRange));

/** An image by digest: a tag can be moved after it was tested. */
export const pinnedImage = z
  .string()
  .regex(/^(?:[a-z0-9][a-z0-9.-]*(?::\d+)?\/)?[a-z0-9][a-z0-9._/-]*@sha256:[0-9a-f]{64}$/);

const readableVersion = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,62}$/);
const variables = z.record(z.string().regex(/^[A-Z][A-Z0-9_]*$/), z.string());

/**
 * What each colour holds: the blocks that `release prepare` writes. Every block names an image of each component.
 *
 * @param version How the system writes its versions; @default any text that a label can hold
 */
export function sidesOf<const Component extends string>(
  components: readonly Component[],
  version: z.ZodType<string> = readableVersion,
) {
  const images = z.strictObject(
    Object.fromEntries(components.map((component) => [component, pinnedImage])) as Record<
      Component,
      typeof pinnedImage
    >,
  );
  const config = z
    .strictObject(
      Object.fromEntries(components.map((component) => [component, variables.optional()])) as Record<
        Component,
        z.ZodOptional<typeof variables>
      >,
    )
    .optional();
  const block = z.strictObject({ version, images, config });
  return z.strictObject(
    Object.fromEntries(colours.map((colour) => [colour, block.optional()])) as Record<
      (typeof colours)[number],
      z.ZodOptional<typeof block>
    >,
  );
}
