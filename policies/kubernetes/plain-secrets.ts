import { nameOfSecret, secretShape } from "../secret-detection";

/** Settings of programs in pods whose names sound like secrets, and the values that they may have in clear. */
const harmless: readonly { readonly name: RegExp; readonly value: RegExp }[] = [
  {
    name: /(?:EXPIRATION|EXPIRY|LIFETIME|TTL|MAX_AGE|ROTATION)(?:_\w+)?$/i,
    value: /^\d{1,12}(?:ms|[smhd])?$/,
  },
  { name: /^(?:ENABLE|DISABLE|REQUIRE|USE)_/i, value: /^(?:true|false)$/i },
  { name: /(?:[_.]|^)(?:FILE|PATH|DIR|SSLROOTCERT)$/i, value: /^\/[\w./-]+$/ },
  // Where a program finds a file with a key.
  { name: /[_.]key$/i, value: /^\/?(?:[\w-]+\/)+[\w-]+\.(?:key|pem)$/ },
];

/** Why a variable carries a secret in clear; undefined when it does not. The answer never repeats the value. */
export function plainSecret(name: string, value: string): string | undefined {
  const shape = secretShape(value);
  if (shape !== undefined) return shape;
  if (harmless.some((exception) => exception.name.test(name) && exception.value.test(value)))
    return undefined;
  return nameOfSecret(name, value);
}
