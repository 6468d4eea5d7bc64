import { isIPv4 } from "node:net";

/**
 * Whether a text is an IPv4 address or a range in CIDR notation. A range begins with its first address: Azure refuses
 * `10.40.0.5/26`, whose bits below the prefix are set.
 */
export function isAddressRange(text: string): boolean {
  const [, address = "", prefix = "32"] = /^([^/]*)(?:\/(\d{1,2}))?$/.exec(text) ?? [];
  const bits = Number(prefix);
  if (!isIPv4(address) || bits > 32) return false;
  const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  return number % 2 ** (32 - bits) === 0;
}

/** Ranges that no firewall of a service of Azure takes: a private address never arrives there (RFC 1918). */
const privateRanges = [/^10\./, /^192\.168\./, /^172\.(?:1[6-9]|2\d|3[01])\./];
const subnetId =
  /^\/subscriptions\/[0-9a-f-]{36}\/resourceGroups\/[\w().-]+\/providers\/Microsoft\.Network\/virtualNetworks\/[\w.-]+\/subnets\/[\w.-]+$/i;

/** Whether the text is the ARM id of a subnet. */
export function isSubnetId(text: string): boolean {
  return subnetId.test(text);
}

/**
 * Whether firewalls of vaults and storage take the text: the ARM id of a subnet, or a public address or range of /16 to /30.
 * Storage takes no /31 and /32 (Microsoft Learn, "Guidelines and limitations for Azure Storage firewalls").
 */
export function isAdmittedNetwork(text: string): boolean {
  if (isSubnetId(text)) return true;
  const [, prefix] = text.split("/");
  if (!isAddressRange(text) || privateRanges.some((range) => range.test(text))) return false;
  return prefix === undefined || (Number(prefix) >= 16 && Number(prefix) <= 30);
}
