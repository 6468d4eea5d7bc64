import type { RowSpec } from "../model";
import { isJson } from "../paths";
import { admitOrigin, admitRoute, originFaults, routeReferences } from "./edge";
import { identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { FRONT_DOOR, GROUP } from "./paths";

const RECORD_FIELDS: Record<string, string> = {
  A: "aRecords",
  AAAA: "aaaaRecords",
  CAA: "caaRecords",
  CNAME: "cnameRecord",
  MX: "mxRecords",
  NS: "nsRecords",
  PTR: "ptrRecords",
  SOA: "soaRecord",
  SRV: "srvRecords",
  TXT: "txtRecords",
};
const capital = (name: string) =>
  name.replace(/^(aaaa|caa|cname|mx|naptr|ns|ptr|soa|srv|tlsa|txt|ds|a)(?=Record)/, (kind) =>
    kind.toUpperCase(),
  );

const edge = (frontDoor: RowSpec["compute"] = () => succeeded({ deploymentStatus: "NotStarted" })) => ({
  longRunning: { create: true, update: true, delete: true },
  compute: frontDoor,
});

/** Virtual networks, DNS, Front Door. */
export const network: RowSpec[] = [
  {
    token: "network:VirtualNetwork",
    id: `${GROUP}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}`,
    longRunning: { create: true, delete: true },
    validate: (inputs) => {
      const prefixes = isJson(inputs.addressSpace) ? inputs.addressSpace.addressPrefixes : undefined;
      return Array.isArray(prefixes) && prefixes.length > 0
        ? []
        : [{ path: "addressSpace.addressPrefixes", reason: "must name at least one address range" }];
    },
    compute: (context) => succeeded({ resourceGuid: context.guidFor("network") }),
  },
  {
    token: "network:Subnet",
    id: `${GROUP}/providers/Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}`,
    longRunning: { create: true, delete: true },
    defaults: { privateEndpointNetworkPolicies: "Disabled", privateLinkServiceNetworkPolicies: "Enabled" },
    references: [{ path: "networkSecurityGroup.id", code: "InvalidResourceReference" }],
    validate: (inputs) =>
      inputs.addressPrefix === undefined &&
      inputs.addressPrefixes === undefined &&
      inputs.ipamPoolPrefixAllocations === undefined
        ? [{ path: "addressPrefix", reason: "is required (or addressPrefixes)" }]
        : [],
    compute: () => succeeded(),
  },
  {
    token: "dns:Zone",
    id: `${GROUP}/providers/Microsoft.Network/dnsZones/{zoneName}`,
    autoname: "none",
    immutable: ["zoneType"],
    defaults: { zoneType: "Public" },
    longRunning: { delete: true },
    validate: nameRule(
      "zoneName",
      /^([a-z0-9_]([a-z0-9_-]*[a-z0-9_])?\.)+[a-z0-9-]{2,}$/i,
      "a domain of at least two labels",
    ),
    compute: (context) => {
      const pool = (Number.parseInt(context.guidFor("pool").slice(0, 2), 16) % 9) + 1;
      return {
        properties: {
          nameServers: ["com", "net", "org", "info"].map(
            (top, index) => `ns${index + 1}-0${pool}.azure-dns.${top}.`,
          ),
          maxNumberOfRecordSets: 10_000,
          numberOfRecordSets: 2,
        },
      };
    },
  },
  {
    token: "dns:RecordSet",
    id: `${GROUP}/providers/Microsoft.Network/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}`,
    enums: { recordType: Object.keys(RECORD_FIELDS) },
    wire: {
      ttl: "TTL",
      ...Object.fromEntries(
        [...Object.values(RECORD_FIELDS), "dsRecords", "naptrRecords", "tlsaRecords"].map((name) => [
          name,
          capital(name),
        ]),
      ),
    },
    validate: (inputs) => {
      const type = String(inputs.recordType).toUpperCase();
      const field = RECORD_FIELDS[type];
      const faults = Object.entries(RECORD_FIELDS)
        .filter(([kind, name]) => kind !== type && inputs[name] !== undefined)
        .map(([, name]) => ({ path: name, reason: `does not belong to a record set of type ${type}` }));
      if (inputs.ttl === undefined) faults.push({ path: "ttl", reason: "is required and missing" });
      if (field !== undefined && inputs[field] === undefined && inputs.targetResource === undefined) {
        faults.push({ path: field, reason: `is required for a record set of type ${type}` });
      }
      if (type === "CNAME" && inputs.relativeRecordSetName === "@") {
        faults.push({
          path: "relativeRecordSetName",
          reason: 'a CNAME cannot stand at the zone\'s apex ("@")',
        });
      }
      return faults;
    },
    admit: ({ id, inputs, below }) => {
      // A CNAME stands alone at its name, whatever the other record's type.
      const [zone, name] = [id.split("/").slice(0, -2).join("/"), id.split("/").at(-1)!.toLowerCase()];
      const mine = String(inputs.recordType).toUpperCase();
      const other = below(zone).find((entry) => {
        const parts = entry.id.split("/");
        const type = parts.at(-2)!.toUpperCase();
        return (
          parts.at(-1)!.toLowerCase() === name &&
          type !== mine &&
          (type === "CNAME" || mine === "CNAME") &&
          RECORD_FIELDS[type] !== undefined
        );
      });
      return other === undefined
        ? undefined
        : {
            status: 409,
            code: "Conflict",
            message: `The record could not be created because a CNAME record with the same name conflicts with ${other.id}.`,
            target: "name",
          };
    },
    compute: (context) => ({
      type: `Microsoft.Network/dnsZones/${context.params.recordType!.toUpperCase()}`,
      properties: {
        fqdn: `${context.params.relativeRecordSetName === "@" ? "" : `${context.params.relativeRecordSetName}.`}${context.params.zoneName}.`,
        provisioningState: "Succeeded",
      },
    }),
  },
  {
    token: "cdn:Profile",
    id: FRONT_DOOR,
    immutable: ["sku"],
    ...edge((context) => ({
      ...identityOf(context),
      kind: "frontdoor",
      ...succeeded({ frontDoorId: context.guidFor("front door"), resourceState: "Active" }),
    })),
  },
  {
    token: "cdn:AFDEndpoint",
    id: `${FRONT_DOOR}/afdEndpoints/{endpointName}`,
    immutable: ["autoGeneratedDomainNameLabelScope"],
    defaults: { enabledState: "Enabled" },
    ...edge((context) =>
      succeeded({
        deploymentStatus: "NotStarted",
        hostName:
          propertiesOf(context.previous).hostName ??
          `${context.params.endpointName}-${context.guidFor("endpoint").slice(0, 13).replace("-", "")}.z01.azurefd.net`,
      }),
    ),
  },
  {
    token: "cdn:AFDOriginGroup",
    id: `${FRONT_DOOR}/originGroups/{originGroupName}`,
    heldBy: { token: "azure-native:cdn:Route", path: "originGroup.id", code: "Conflict" },
    ...edge(),
  },
  {
    token: "cdn:AFDOrigin",
    id: `${FRONT_DOOR}/originGroups/{originGroupName}/origins/{originName}`,
    validate: originFaults,
    admit: admitOrigin,
    ...edge(),
  },
  {
    token: "cdn:Route",
    id: `${FRONT_DOOR}/afdEndpoints/{endpointName}/routes/{routeName}`,
    references: routeReferences,
    admit: admitRoute,
    ...edge(),
  },
];
