import type { ConfigureAnalyzerRequest } from "@pulumi/pulumi/proto/analyzer_pb";
import type { RuleConfig } from "../rule";

/** Level of a rule as messages name it. */
export type Level = "advisory" | "mandatory" | "disabled";

/** Of the pinned SDK's own modules; it does not offer it by type. */
const { convertEnforcementLevel } = require("@pulumi/policy/protoutil") as {
  convertEnforcementLevel(level: number): Level | "remediate";
};

interface RuleSettings {
  readonly level: Level;
  readonly properties: RuleConfig;
}

/** What the engine configures of each rule: its level, and its values with their defaults filled in. */
export class PackConfiguration {
  readonly #rules = new Map<string, RuleSettings>();

  take(request: ConfigureAnalyzerRequest): void {
    this.#rules.clear();
    for (const [name, config] of request.getPolicyconfigMap().entries()) {
      const level = convertEnforcementLevel(config.getEnforcementlevel());
      const properties = config.getProperties()?.toJavaScript() ?? {};
      // What is to be mended by a rule that mends nothing is refused.
      this.#rules.set(name, { level: level === "remediate" ? "mandatory" : level, properties });
    }
  }

  /** @param declared The rule's own level. */
  levelOf(name: string, declared: Level): Level {
    return this.#rules.get(name)?.level ?? declared;
  }

  propertiesOf(name: string): RuleConfig {
    return this.#rules.get(name)?.properties ?? {};
  }
}
