import { z } from "zod";
import { certificateManagerChart } from "../../runbooks/charts";
import { isAddressRange } from "./address-range";
import { dummyGuid, guid } from "./common-settings";
import { addressRanges, domainName, mail, pinnedImage } from "./schemas";
import { defaulted, outsideDev, required, type ValuesOf } from "./setting";
import {
  alertEmails,
  budgetStartDate,
  dummyImage,
  imagesBy,
  inWords,
  monthlyBudgetUsd,
  pagerDutyIntegrationKey,
  slackWebhook,
  vaultName,
} from "./shared-settings";

/** Subnets of nodes, endpoints and edge fit, and addresses of pods and Services are elsewhere. */
const networkRange = /^10\..*\/1[6-9]$/;
const dnsZoneId =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w().-]+\/providers\/Microsoft\.Network\/dnszones\/[a-z0-9.-]+$/i;

const pool = z.strictObject({
  size: z.string().regex(/^Standard_[A-Z]+\d+[a-z]*(?:_v\d)?$/),
  minimumNodes: z.int().min(1).max(100),
  maximumNodes: z.int().min(1).max(100),
});
const poolText = {
  form: "json",
  allowed:
    "a map { size, minimumNodes, maximumNodes }: a size of virtual machine and whole numbers from 1 to 100",
  sample: '{"size":"Standard_D4ds_v5","minimumNodes":3,"maximumNodes":9}',
} as const;

const groups = z.array(guid);

type CertificateManagerProgram = keyof typeof certificateManagerChart.images;
const certificateManagerPrograms = Object.keys(certificateManagerChart.images) as CertificateManagerProgram[];

/** `platform:*`. No runbook says how the cluster is made; the values are the owner's. */
export const platformSettings = {
  kubernetesVersion: required(z.string().regex(/^1\.\d{2}$/), {
    allowed: "a minor version of Kubernetes that AKS has, such as 1.33; patches come by themselves",
    sample: "1.33",
  }),
  /** `az aks mesh get-revisions` lists them. */
  meshRevision: required(z.string().regex(/^asm-1-\d{2}$/), {
    allowed: "a revision of the Istio add-on, such as asm-1-27",
    sample: "asm-1-27",
  }),
  networkRange: required(z.string().regex(networkRange).refine(isAddressRange), {
    allowed: "a range of /16 to /19 below 10.0.0.0/8 from its first address on, such as 10.60.0.0/16",
    sample: "10.60.0.0/16",
  }),
  systemPool: required(pool, poolText),
  workPool: required(pool, poolText),
  /** From where the API server is reached and images are pushed. */
  authorizedIpRanges: outsideDev(addressRanges.min(1), {
    form: "json",
    allowed: "a list of at least one address or range: offices, VPN, runners of CI and releases",
    sample: '["203.0.113.0/28"]',
    dummy: "192.0.2.0/32",
  }),
  administratorGroupIds: outsideDev(groups.min(1), {
    form: "json",
    allowed: "a list of at least one object id of an Entra group whose members administer the cluster",
    sample: '["d9428888-122b-11e1-b85c-61cd3cbb3210"]',
    dummy: dummyGuid,
  }),
  /** Signs in to the cluster for `pulumi up` and for releases. */
  deployerId: outsideDev(guid, {
    allowed: "object id of the identity that runs updates and releases, a GUID in lower case",
    sample: "0f8fad5b-d9cb-469f-a165-70867728950e",
    dummy: dummyGuid,
  }),
  dashboardViewerGroupIds: defaulted(groups, [], {
    form: "json",
    allowed: "a list of object ids of Entra groups whose members look at dashboards",
    sample: '["d9428888-122b-11e1-b85c-61cd3cbb3210"]',
    dummy: dummyGuid,
  }),
  /** Signs in to Grafana and brings it the dashboards (docs/adr/0081). */
  azureCliImage: required(pinnedImage, {
    allowed: "an image by digest, REGISTRY/NAME@sha256:…, with a shell and the Azure CLI",
    sample: "….azurecr.io/azure-cli@sha256:…",
    dummy: dummyImage,
  }),
  /** What the gateway's own certificate holds; Front Door checks it (docs/adr/0070). Clients never see it. */
  gatewayHost: required(domainName, {
    allowed: "a host name of the cluster's gateway that is nobody's example",
    sample: "gateway.switchyard.test",
    dummy: "gateway.not-given.invalid",
  }),
  /** Where the certificate's issuer looks for a proof that the host is ours. */
  gatewayDnsZoneId: outsideDev(z.string().regex(dnsZoneId), {
    allowed: "the ARM id of the public Azure DNS zone in which gatewayHost lies",
    sample: "/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/dnszones/kirana.io",
    dummy: `/subscriptions/${dummyGuid}/resourceGroups/not-given/providers/Microsoft.Network/dnszones/not-given.invalid`,
  }),
  certificateEmail: outsideDev(mail, {
    allowed: "the mail address that the certificate's issuer writes to",
    sample: "platform@kirana.io",
    dummy: "not-given@switchyard.invalid",
  }),
  /** Programs of cert-manager's chart: what the chart names itself are tags. */
  certificateManagerImages: outsideDev(imagesBy(certificateManagerPrograms), {
    form: "json",
    allowed: `a map with ${inWords(certificateManagerPrograms)}, each as an image of cert-manager ${certificateManagerChart.version} by digest, REGISTRY/NAME@sha256:…`,
    sample: `{"${certificateManagerPrograms[0]}":"….azurecr.io/cert-manager-${certificateManagerPrograms[0]}@sha256:…",…}`,
    dummy: dummyImage,
  }),
  pagerDutyIntegrationKey: pagerDutyIntegrationKey(),
  /** Conflicts 13: the channel of those who look after the cluster. */
  slackWebhook: slackWebhook(),
  alertEmails: alertEmails("platform@kirana.io"),
  /** USD a month for the platform's resource group and its nodes' one; the runbooks state none. */
  monthlyBudgetUsd: monthlyBudgetUsd(3000),
  budgetStartDate,
  vaultName: vaultName("platform-dev2"),
} as const;

export type PlatformSettings = ValuesOf<typeof platformSettings>;
