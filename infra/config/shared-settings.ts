import { z } from "zod";
import { isAddressRange } from "./address-range";
import {
  addressRanges,
  domainName,
  firstOfMonth,
  mail,
  pagerDutyKey,
  person,
  pinnedImage,
  sidesOf,
  slackWebhook as slackWebhookUrl,
  text,
} from "./schemas";
import { defaulted, optional, outsideDev, ownerSecret, required } from "./setting";

/** Settings that several systems have under their own namespace: a system's table names each with its own sample. */

/** An image that nobody has. */
export const dummyImage = `registry.invalid/not-given@sha256:${"0".repeat(64)}`;

const cacheSizes = ["Balanced_B0", "Balanced_B1", "Balanced_B3", "Balanced_B5", "Balanced_B10"] as const;
/** Sizes with a storage of their own (Microsoft Learn, "Compute and storage", Azure DocumentDB). */
const mongoTiers = ["M10", "M20", "M30", "M40", "M50", "M60", "M80"] as const;
const mongoStorageSizes = [32, 64, 128, 256, 512, 1024, 2048, 4095] as const;

/** A key, a token or a password of somebody else's service. */
export const ownerKey = ownerSecret(text.min(8), {
  allowed: "a text of at least 8 characters, encrypted",
  sample: "…",
  dummy: "not-given-by-the-owner",
});

/** @param issuer What in PagerDuty issues the key. */
export function pagerDutyIntegrationKey(issuer = "a PagerDuty service") {
  return ownerSecret(pagerDutyKey, {
    allowed: `the integration key of ${issuer}, 20 to 40 letters and digits, encrypted`,
    sample: "…",
    dummy: "notGivenByTheOwner000000000000000",
  });
}

/** Whose incidents and people on call a release looks at; without it those gates are waived by a person or hold. */
export const pagerDutyServiceId = optional(z.string().regex(/^P[A-Z0-9]{6,13}$/), {
  allowed:
    "the id of the service in PagerDuty that is paged, as its address ends: P and 6 to 13 capitals and digits",
  sample: "PABC123",
  dummy: "PNOTGIVEN",
});

/** @param channel The Slack channel that the runbook names; @default - the owner's choice */
export function slackWebhook(channel?: string) {
  return ownerSecret(slackWebhookUrl, {
    allowed: `an incoming webhook${channel ? ` of ${channel}` : ""}, https://hooks.slack.com/…, encrypted`,
    sample: "https://hooks.slack.com/services/…",
    dummy: "https://hooks.slack.com/not-given",
  });
}

export function alertEmails(sample: string) {
  return required(z.array(mail).min(1), {
    form: "json",
    allowed: "a list of at least one mail address",
    sample: JSON.stringify([sample]),
    dummy: "not-given@switchyard.invalid",
  });
}

/** Name and address of whoever has each role; runbooks leave the names empty. */
export function contacts<const Role extends string>(first: Role, ...others: readonly Role[]) {
  const roles = [first, ...others];
  return outsideDev(
    z.strictObject(Object.fromEntries(roles.map((role) => [role, person])) as Record<Role, typeof person>),
    {
      form: "json",
      allowed: `a map with ${inWords(roles)}, each { name, contact } with texts that are not empty`,
      sample: `{"${first}":{"name":"…","contact":"…"},…}`,
      dummy: "not given by the owner",
    },
  );
}

/** USD a month for the system's resource group; no runbook states a budget. */
export function monthlyBudgetUsd(sample: number) {
  return required(z.number().positive(), {
    form: "number",
    allowed: "a number above 0",
    sample: String(sample),
    dummy: "1",
  });
}

export const budgetStartDate = required(firstOfMonth, {
  allowed: "the first day of a month, such as 2026-12-01",
  sample: "2026-12-01",
});

/** A name that stayed reserved after a vault was deleted (purge protection) is avoided with another one here. */
export function vaultName(sample: string) {
  return optional(z.string().regex(/^[a-z](?!.*--)[a-z0-9-]{1,22}[a-z0-9]$/), {
    allowed: "3 to 24 lower-case letters, digits and single hyphens, a letter first",
    sample,
  });
}

/**
 * After a restore: what it was made as, which the secrets name since (KIR-111, TES-076, STO-143, CAS-092). Tasks, backups and
 * the next release go to it once it stands here; without it, to the contract's.
 *
 * @param what Such as `database`.
 */
export function restored(what: string, name: RegExp, sample: string) {
  return optional(z.string().regex(name), {
    allowed: `the name of the ${what} that a restore has made, as the release says it at its end`,
    sample,
  });
}

/** What each colour holds; `release prepare` writes it. By digest, never by a moving tag. */
export function sides<const Component extends string>(
  components: readonly Component[],
  sampleVersion: string,
) {
  return required(sidesOf(components), {
    form: "json",
    allowed: `for blue, green or both { version, images: { ${components.join(", ")} } }, each image by digest (….azurecr.io/NAME@sha256:…)`,
    sample: `{"blue":{"version":"${sampleVersion}","images":{…}}}`,
    dummy: dummyImage,
  });
}

/** What is said of an image with these programs. */
export function imageWith(programs: string) {
  return {
    allowed: `an image by digest, REGISTRY/NAME@sha256:…, with ${programs}`,
    sample: "….azurecr.io/NAME@sha256:…",
    dummy: dummyImage,
  };
}

/** An image for each of some names. */
export function imagesBy<const Name extends string>(names: readonly Name[]) {
  return z.strictObject(
    Object.fromEntries(names.map((name) => [name, pinnedImage])) as Record<Name, typeof pinnedImage>,
  );
}

/** Programs that turn what others say into metrics, by what they watch. */
export function exporterImages<const Watched extends string>(first: Watched, ...others: readonly Watched[]) {
  const watched = [first, ...others];
  return required(imagesBy(watched), {
    form: "json",
    allowed: `a map with ${inWords(watched)}, the exporter for each as an image by digest, REGISTRY/NAME@sha256:…`,
    sample: `{"${first}":"….azurecr.io/${first}-exporter@sha256:…",…}`,
    dummy: dummyImage,
  });
}

/** Where load tests come from; the rate limit does not count them. */
export const loadTestRanges = defaulted(addressRanges, [], {
  form: "json",
  allowed: "a list of addresses or ranges, none wider than /16",
  sample: '["203.0.113.7"]',
});

/** @param sampleDomain The system's domain in samples. */
export function mailHost(sampleDomain: string) {
  return required(domainName, {
    allowed: "host name of the mail server",
    sample: `smtp.${sampleDomain}`,
    dummy: "smtp.not-given.invalid",
  });
}

/** Size of an Azure Managed Redis. */
export const cacheSize = required(z.enum(cacheSizes), {
  allowed: cacheSizes.join(", "),
  sample: "Balanced_B1",
});

/** Size of an Azure DocumentDB. */
export const mongoTier = required(z.enum(mongoTiers), { allowed: mongoTiers.join(", "), sample: "M30" });

export const mongoStorageGb = required(z.literal(mongoStorageSizes), {
  form: "number",
  allowed: `GB: ${mongoStorageSizes.join(", ")}`,
  sample: "128",
});

/** Size of a plan of App Service that has slots. */
export const planSize = required(z.enum(["P0v3", "P1v3", "P2v3", "P3v3"]), {
  allowed: "P0v3, P1v3, P2v3, P3v3",
  sample: "P1v3",
});

const privateRange = /^(?:10\.|172\.(?:1[6-9]|2\d|3[01])\.|192\.168\.).*\/(2[0-6])$/;

/**
 * Network of an app of App Service and of what it reaches.
 *
 * @param longestPrefix of the smallest that there is room in
 */
export function appNetworkRange(sample: string, longestPrefix: 25 | 26 = 26) {
  const hasRoom = (range: string) => Number(privateRange.exec(range)?.[1]) <= longestPrefix;
  return required(z.string().refine(hasRoom).refine(isAddressRange), {
    allowed: `a private address range of /20 to /${longestPrefix} from its first address on, such as ${sample}`,
    sample,
  });
}

export function inWords(names: readonly string[]): string {
  return [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean).join(" and ");
}
