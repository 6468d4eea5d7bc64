import type { InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { nameRule, propertiesOf, succeeded } from "./helpers";
import { GROUP, PRIVATE_ZONE } from "./paths";

const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/{privateEndpointName}`;

function securityRuleFaults(inputs: Json): InputFault[] {
  const faults: InputFault[] = [];
  const seen = new Set<string>();
  for (const { path, value } of valuesAt(inputs, "securityRules[*]")) {
    if (!isJson(value)) continue;
    const { name, priority, direction } = value;
    if (name === undefined) faults.push({ path: `${path}.name`, reason: "is required and missing" });
    if (typeof priority !== "number" || priority < 100 || priority > 4096)
      faults.push({
        path: `${path}.priority`,
        reason: `${String(priority)} is not allowed; allowed: 100 to 4096`,
      });
    for (const key of [`name ${String(name)}`, `${String(direction)} ${String(priority)}`]) {
      if (seen.has(key)) faults.push({ path, reason: `${key} is used twice` });
      seen.add(key);
    }
    const sides = [
      ["sourceAddressPrefix", "sourceAddressPrefixes", "sourceApplicationSecurityGroups"],
      ["destinationAddressPrefix", "destinationAddressPrefixes", "destinationApplicationSecurityGroups"],
      ["sourcePortRange", "sourcePortRanges"],
      ["destinationPortRange", "destinationPortRanges"],
    ];
    for (const side of sides) {
      const given = side.filter((field) => value[field] !== undefined);
      if (given.length !== 1)
        faults.push({ path: `${path}.${side[0]}`, reason: `exactly one of ${side.join(", ")} is required` });
    }
  }
  return faults;
}

function endpointFaults(inputs: Json): InputFault[] {
  const links = [
    ...valuesAt(inputs, "privateLinkServiceConnections[*]"),
    ...valuesAt(inputs, "manualPrivateLinkServiceConnections[*]"),
  ];
  const subnet = isJson(inputs.subnet) ? inputs.subnet.id : undefined;
  return [
    ...(subnet === undefined ? [{ path: "subnet.id", reason: "is required and missing" }] : []),
    ...(links.length === 0
      ? [{ path: "privateLinkServiceConnections", reason: "must hold one connection" }]
      : []),
    ...links.flatMap(({ path, value }) =>
      isJson(value) && value.privateLinkServiceId === undefined
        ? [{ path: `${path}.privateLinkServiceId`, reason: "is required and missing" }]
        : [],
    ),
  ];
}

/** Private endpoints with their DNS, and security groups. */
export const privateNetwork: RowSpec[] = [
  {
    token: "network:NetworkSecurityGroup",
    id: `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/{networkSecurityGroupName}`,
    longRunning: { create: true, delete: true },
    heldBy: {
      token: "azure-native:network:Subnet",
      path: "networkSecurityGroup.id",
      code: "InUseNetworkSecurityGroupCannotBeDeleted",
    },
    validate: securityRuleFaults,
    compute: (context) => succeeded({ resourceGuid: context.guidFor("group"), defaultSecurityRules: [] }),
  },
  {
    token: "network:PrivateEndpoint",
    id: ENDPOINT,
    longRunning: { create: true, update: true, delete: true },
    immutable: ["subnet", "privateLinkServiceConnections", "manualPrivateLinkServiceConnections"],
    references: [
      { path: "subnet.id", code: "InvalidResourceReference" },
      { path: "privateLinkServiceConnections[*].privateLinkServiceId", code: "InvalidResourceReference" },
      {
        path: "manualPrivateLinkServiceConnections[*].privateLinkServiceId",
        code: "InvalidResourceReference",
      },
    ],
    validate: endpointFaults,
    admit: ({ inputs, lookUp }) => {
      const subnet = lookUp(String(isJson(inputs.subnet) ? inputs.subnet.id : ""));
      const delegations = propertiesOf(subnet?.body).delegations;
      return Array.isArray(delegations) && delegations.length > 0
        ? {
            status: 400,
            code: "PrivateEndpointCannotBeCreatedInSubnetThatHasDelegations",
            message: `A private endpoint cannot be in the subnet ${subnet!.id}, which is delegated to a service.`,
            target: "properties.subnet",
          }
        : undefined;
    },
    compute: (context) => {
      const { resourceGroupName, privateEndpointName } = context.params;
      const name = `${privateEndpointName}.nic.${context.guidFor("interface")}`;
      const group = `/subscriptions/${context.subscriptionId}/resourceGroups/${resourceGroupName}`;
      return succeeded({
        networkInterfaces: [{ id: `${group}/providers/Microsoft.Network/networkInterfaces/${name}` }],
      });
    },
  },
  {
    token: "network:PrivateDnsZoneGroup",
    id: `${ENDPOINT}/privateDnsZoneGroups/{privateDnsZoneGroupName}`,
    longRunning: { create: true, update: true, delete: true },
    references: [{ path: "privateDnsZoneConfigs[*].privateDnsZoneId", code: "InvalidResourceReference" }],
    validate: (inputs) =>
      valuesAt(inputs, "privateDnsZoneConfigs[*]").length === 0
        ? [{ path: "privateDnsZoneConfigs", reason: "must hold at least one zone" }]
        : [],
    compute: () => succeeded(),
  },
  {
    token: "privatedns:PrivateZone",
    id: PRIVATE_ZONE,
    autoname: "none",
    longRunning: { create: true, update: true, delete: true },
    validate: (inputs) => [
      ...nameRule(
        "privateZoneName",
        /^([a-z0-9_-]+\.)+[a-z0-9-]+$/i,
        "a domain of at least two labels",
      )(inputs),
      ...(inputs.location !== undefined && String(inputs.location).toLowerCase() !== "global"
        ? [{ path: "location", reason: 'must be "global"' }]
        : []),
    ],
    compute: (context) => succeeded({ internalId: context.guidFor("zone"), maxNumberOfRecordSets: 25_000 }),
  },
  {
    token: "privatedns:VirtualNetworkLink",
    id: `${PRIVATE_ZONE}/virtualNetworkLinks/{virtualNetworkLinkName}`,
    longRunning: { create: true, update: true, delete: true },
    immutable: ["virtualNetwork.id"],
    references: [{ path: "virtualNetwork.id", code: "BadRequest" }],
    validate: (inputs) => [
      ...(isJson(inputs.virtualNetwork) && inputs.virtualNetwork.id !== undefined
        ? []
        : [{ path: "virtualNetwork.id", reason: "is required and missing" }]),
      ...(inputs.registrationEnabled === undefined
        ? [{ path: "registrationEnabled", reason: "is required and missing" }]
        : []),
    ],
    admit: ({ id, inputs, below }) => {
      const network = String(isJson(inputs.virtualNetwork) ? inputs.virtualNetwork.id : "").toLowerCase();
      const other = below(`${id.slice(0, id.lastIndexOf("/"))}/`).find(
        (entry) =>
          entry.id.toLowerCase() !== id.toLowerCase() &&
          String(valuesAt(propertiesOf(entry.body), "virtualNetwork.id")[0]?.value).toLowerCase() === network,
      );
      return (
        other && {
          status: 409,
          code: "Conflict",
          message: `The virtual network is linked to the zone by ${other.id} already.`,
        }
      );
    },
    compute: () => succeeded({ virtualNetworkLinkState: "Completed" }),
  },
];
