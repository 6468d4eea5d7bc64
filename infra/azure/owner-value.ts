import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";

/** Characters of a generated secret; 43 of 62 kinds hold 256 bits. */
const generatedLength = 43;

/** A secret that nobody else has, of letters and digits. */
export function generatedSecret(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  return pulumi.secret(
    new RandomPassword(name, { length: generatedLength, special: false }, { parent }).result,
  );
}

/** A password for somebody who asks for three kinds of characters: at least one of each is in it. */
export function generatedPassword(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  const args = { length: generatedLength, special: false, minLower: 1, minUpper: 1, minNumeric: 1 };
  return pulumi.secret(new RandomPassword(name, args, { parent }).result);
}

/** A secret that only the owner has; dev, which has none of them, gets a generated one that opens nothing. */
export function ownerValue(
  name: string,
  given: string | undefined,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return given === undefined ? generatedSecret(name, parent) : pulumi.secret(given);
}

/** The same for an incoming webhook: what is generated lies below a domain that is never anybody's (RFC 6761). */
export function ownerWebhook(
  name: string,
  given: string | undefined,
  parent: pulumi.Resource,
): pulumi.Output<string> {
  return given === undefined
    ? pulumi.interpolate`https://hooks.slack.invalid/services/${generatedSecret(name, parent)}`
    : pulumi.secret(given);
}
