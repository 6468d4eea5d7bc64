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
