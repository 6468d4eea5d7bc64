import * as pulumi from "@pulumi/pulumi";
import { generatedSecret } from "./azure/owner-value";

/** Where the secrets of a system come from besides its own resources: the owner, or nobody. Each is made once. */
export class SecretSource {
  private readonly generated = new Map<string, pulumi.Output<string>>();

  /** @param name Prefix of the names of what is generated. */
  constructor(
    private readonly name: string,
    private readonly parent: pulumi.Resource,
  ) {}

  /** A text of letters and digits that nobody needs to know. */
  random(key: string): pulumi.Output<string> {
    const known = this.generated.get(key);
    if (known) return known;
    const value = generatedSecret(`${this.name}-generated-${key}`, this.parent);
    this.generated.set(key, value);
    return value;
  }

  /**
   * A value that only the owner has. Dev has none of them: there it is generated, in a form that reaches nobody.
   *
   * @param madeUp What dev has in its place, from a random text; @default the random text
   */
  owned(
    key: string,
    given: string | undefined,
    madeUp: (random: pulumi.Output<string>) => pulumi.Output<string> = (random) => random,
  ): pulumi.Output<string> {
    return given === undefined ? madeUp(this.random(key)) : pulumi.secret(given);
  }
}
