import type { RowSpec } from "../model";
import { isJson } from "../paths";
import { addressRuleFaults, nameRule, propertiesOf, succeeded } from "./helpers";
import { GROUP } from "./paths";

/** Key Vault and its secrets. */
export const vault: RowSpec[] = [
  {
    token: "keyvault:Vault",
    id: `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}`,
    globalName: "VaultAlreadyExists",
    defaults: {
      properties: { enableSoftDelete: true, softDeleteRetentionInDays: 90, publicNetworkAccess: "Enabled" },
    },
    writeOnly: ["properties.createMode"],
    references: [{ path: "properties.networkAcls.virtualNetworkRules[*].id", code: "BadRequest" }],
    softDelete: {
      conflictCode: "ConflictError",
      deletedType: "Microsoft.KeyVault/deletedVaults",
      purgeAllowed: (body) => propertiesOf(body).enablePurgeProtection !== true,
      retentionDays: (body) => Number(propertiesOf(body).softDeleteRetentionInDays ?? 90),
    },
    validate: (inputs) => {
      const properties = isJson(inputs.properties) ? inputs.properties : {};
      const days = properties.softDeleteRetentionInDays;
      return [
        ...nameRule(
          "vaultName",
          /^[A-Za-z](?!.*--)[A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
          "3 to 24 letters, digits and single hyphens, a letter first",
        )(inputs),
        ...addressRuleFaults(isJson(properties.networkAcls) ? properties.networkAcls.ipRules : undefined, {
          path: "properties.networkAcls.ipRules",
          key: "value",
        }),
        ...(properties.enablePurgeProtection === false
          ? [
              {
                path: "properties.enablePurgeProtection",
                reason: "cannot be set to false: leave it out or set it to true",
              },
            ]
          : []),
        ...(typeof days === "number" && (days < 7 || days > 90)
          ? [
              {
                path: "properties.softDeleteRetentionInDays",
                reason: `${days} is not allowed; allowed: 7 to 90`,
              },
            ]
          : []),
        ...(properties.enableSoftDelete === false
          ? [{ path: "properties.enableSoftDelete", reason: "cannot be turned off" }]
          : []),
      ];
    },
    admit: ({ inputs, previous }) => {
      const before = propertiesOf(previous);
      const now = isJson(inputs.properties) ? inputs.properties : {};
      if (
        before.softDeleteRetentionInDays !== undefined &&
        now.softDeleteRetentionInDays !== undefined &&
        before.softDeleteRetentionInDays !== now.softDeleteRetentionInDays
      ) {
        return {
          status: 400,
          code: "BadRequest",
          message: 'The property "softDeleteRetentionInDays" has been set already and it can\'t be modified.',
          target: "properties.softDeleteRetentionInDays",
        };
      }
      return undefined;
    },
    compute: (context) =>
      succeeded({
        vaultUri: `https://${context.params.vaultName!.toLowerCase()}.vault.azure.net/`,
        privateEndpointConnections: [],
      }),
  },
  {
    token: "keyvault:Secret",
    id: `${GROUP}/providers/Microsoft.KeyVault/vaults/{vaultName}/secrets/{secretName}`,
    secretInputs: ["properties.value"],
    writeOnly: ["properties.value"],
    validate: nameRule("secretName", /^[A-Za-z0-9-]{1,127}$/, "1 to 127 letters, digits and hyphens"),
    compute: (context) => {
      const uri = `https://${context.params.vaultName!.toLowerCase()}.vault.azure.net/secrets/${context.params.secretName}`;
      const value = propertiesOf(context.body).value;
      const before = propertiesOf(context.previous);
      // A version belongs to a value: a PUT of the same value makes none, so that a repeated PUT is idempotent.
      const version =
        value === before.value && before.version !== undefined
          ? String(before.version)
          : context
              .secretFor(`version ${String(value)}`)
              .replace(/[^a-z0-9]/gi, "")
              .toLowerCase()
              .slice(0, 32);
      return {
        location: context.lookUp(context.id.slice(0, context.id.lastIndexOf("/secrets/")))?.body.location,
        properties: { version, secretUri: uri, secretUriWithVersion: `${uri}/${version}` },
      };
    },
  },
];
