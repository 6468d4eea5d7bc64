import { z } from "zod";
import { daysOf } from "../../runbooks/days";
import { environments } from "../../runbooks/model";
import { isAdmittedNetwork } from "./address-range";
import { platformReference } from "./platform-reference";
import { defaulted, optional, outsideDev, required, type ValuesOf } from "./setting";
import { declarableSystems } from "./system-names";

export const guid = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
export const region = z.string().regex(/^[a-z]+[a-z0-9]*$/);

/** Address of a container of Blob Storage. */
export const blobContainer =
  /^https:\/\/[a-z0-9]{3,24}\.blob\.core\.windows\.net\/[a-z0-9](?:-?[a-z0-9]){2,62}\/?$/;

export const recordsSetting = z.strictObject({
  location: z.string().regex(new RegExp(`${blobContainer.source}|^(?!https?:)[^<>]+$`)),
  retentionYears: z.int().min(1).max(100).default(7),
});

const tagName = /^[A-Za-z][A-Za-z0-9._-]{0,127}$/;
const tagText = z.string().min(1).max(256);

/** A path from the project's folder on, or an address without query: a token in it would stand in clear. */
const location = z.string().regex(/^(https:\/\/[^\s?#@]+|(?![/\\]|[A-Za-z]:|https?:)\S+)$/);

/** Of the right form, and nobody's. */
export const dummyGuid = "00000000-0000-4000-8000-000000000000";

/** Of the form of a key's id and of a location alike, since either may be a placeholder, and nobody's. */
const dummyKey = `sha256:${"0".repeat(64)}`;

/** `switchyard:*`: what all systems of a stack share. */
export const commonSettings = {
  environment: required(z.enum(environments), {
    allowed: environments.join(", "),
    sample: "staging",
  }),
  systems: required(z.array(z.enum(declarableSystems)).min(1), {
    form: "json",
    allowed: `a list of systems that can be declared: ${declarableSystems.join(", ")}`,
    sample: '["kirana-inventory"]',
  }),
  owner: required(tagText, {
    allowed: "the team that answers for the resources, 1 to 256 characters",
    sample: "kirana-platform",
    dummy: "owner-not-given",
  }),
  costCenter: required(tagText, {
    allowed: "the cost centre that pays, 1 to 256 characters",
    sample: "4711",
    dummy: "cost-center-not-given",
  }),
  tags: defaulted(
    z.record(z.string().regex(tagName), tagText),
    {},
    {
      form: "json",
      allowed: "a map from tag names to texts of 1 to 256 characters",
      sample: '{"team":"grocery"}',
    },
  ),
  /** The platform that the systems of this stack stand on, when another stack carries it. */
  platform: optional(platformReference, {
    form: "json",
    allowed:
      "the output platform.reference of the stack that carries the platform; nothing in a stack that carries it",
    sample: '{"clusterId":"/subscriptions/…",…}',
  }),
  kubeconfig: optional(z.string().regex(/^\/|^~\//), {
    allowed:
      "in dev, the absolute path of a kubeconfig whose cluster is used instead of the local one; elsewhere nothing",
    sample: "~/.kube/config",
  }),
  /** Whose signatures count on this stack: read by the policy pack and the release, not by the program. */
  trustRoot: optional(
    z.strictObject({
      location,
      keys: z.array(z.string().regex(/^sha256:[0-9a-f]{64}$/)).min(1),
      threshold: z.number().int().positive(),
    }),
    {
      form: "json",
      allowed:
        "location (a path in the project, or an https address), keys (ids of root keys, sha256:…) and threshold (how many of them must have signed)",
      sample: '{"location":"trust/root.json","keys":["sha256:…"],"threshold":1}',
      dummy: dummyKey,
    },
  ),
  /** Where signed evidence lies: read by the policy pack and the release. */
  evidence: optional(z.strictObject({ location }), {
    form: "json",
    allowed: "location: a folder of the project, or the https address of a Blob container",
    sample: '{"location":"https://kiranaevidence.blob.core.windows.net/production"}',
    dummy: "https://notgiven.blob.core.windows.net/evidence",
  }),
  /** Where every `up` leaves its signed record, and for how long it is kept (docs/records.md). The program reads neither. */
  records: optional(recordsSetting, {
    form: "json",
    allowed:
      "{location, retentionYears}: the address of a container of Blob Storage (in dev a folder also does), and 1 to 100 years, 7 when left out",
    sample: '{"location":"https://ACCOUNT.blob.core.windows.net/records","retentionYears":7}',
    dummy: "https://notgiven.blob.core.windows.net/records",
  }),
  /** Days and periods in which nothing is released (conflicts 7), up to the last that is known: read by the release, not by the program. */
  holidays: outsideDev(z.array(z.string().refine((text) => daysOf(text) !== undefined)).min(1), {
    form: "json",
    allowed: "a list of at least one day or period, each YYYY-MM-DD or first/last, YYYY-MM-DD/YYYY-MM-DD",
    sample: '["2026-11-26","2026-12-21/2027-01-01"]',
    dummy: "1970-01-01",
  }),
  /**
   * Where journals and leases of the releases are (docs/release.md). The program only tells it to the tracks, which
   * without it would take every update for one beside which nobody releases.
   */
  journal: outsideDev(z.string().regex(blobContainer), {
    allowed:
      "the address of a container of Blob Storage; in dev nothing: the journals are in the state folder",
    sample: "https://ACCOUNT.blob.core.windows.net/journals",
    dummy: "https://notgiven.blob.core.windows.net/journals",
  }),
  /** Where releases run: vaults and storage let them in, and nobody else but the systems (docs/running.md, docs/adr/0155). */
  runnerNetworks: outsideDev(z.array(z.string().refine(isAdmittedNetwork)).min(1), {
    form: "json",
    allowed:
      "a list of at least one subnet (its ARM id), public address or public range of /16 to /30, from which releases run; in dev nothing",
    sample: '["203.0.113.7"]',
    dummy: "192.0.2.1",
  }),
  /** By which server releases write mail (docs/release-people.md). The program does not read it. */
  mail: optional(
    z.strictObject({
      server: z.string().regex(/^[a-z0-9.-]+:\d{1,5}$/i),
      from: z.email(),
      user: z.string().min(1).optional(),
      passwordSecret: z
        .string()
        .regex(/^[a-z0-9-]+$/)
        .optional(),
    }),
    {
      form: "json",
      allowed:
        "server (HOST:PORT), from (an address), and for a server that asks who sends: user and passwordSecret (a secret of each system's vault)",
      sample: '{"server":"smtp.example.org:587","from":"releases@example.org"}',
    },
  ),
  localCloud: defaulted(z.boolean(), false, {
    form: "boolean",
    allowed: "true in dev; elsewhere false or absent",
    sample: "true",
  }),
} as const;

export type CommonSettings = ValuesOf<typeof commonSettings>;

/** `azure-native:*`: what the provider itself reads, so that no second copy can differ from it. */
export const azureSettings = {
  subscriptionId: required(guid, {
    allowed: "a subscription's id, a GUID in lower case",
    sample: "1f0b4c1e-8a55-4f0f-9d9f-5e1d6c6d3a10",
    dummy: dummyGuid,
  }),
  tenantId: required(guid, {
    allowed: "a tenant's id, a GUID in lower case",
    sample: "7c2f9a44-61d3-4b0e-8f57-2f6d0f9b1c22",
    dummy: dummyGuid,
  }),
  location: required(region, {
    allowed: "an Azure region in its short form, such as westus2",
    sample: "westus2",
  }),
} as const;

export type AzureSettings = ValuesOf<typeof azureSettings>;

/** Other settings of the provider: accepted and left to it. True: only as an encrypted value. */
export const otherAzureKeys: Readonly<Record<string, boolean>> = {
  auxiliaryTenantIds: false,
  clientCertificatePassword: true,
  clientCertificatePath: false,
  clientId: false,
  clientSecret: true,
  disablePulumiPartnerId: false,
  environment: false,
  msiEndpoint: false,
  oidcRequestToken: true,
  oidcRequestUrl: false,
  oidcToken: true,
  oidcTokenFilePath: false,
  partnerId: false,
  useDefaultAzureCredential: false,
  useMsi: false,
  useOidc: false,
};
