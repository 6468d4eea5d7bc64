import { judgeEach } from "../../decide";
import { optional, requiredNumber } from "../../read";
import { stackRule } from "../../rule";
import { judged, violation } from "../../verdict";

const randomPassword = "random:index/randomPassword:RandomPassword";

/** What makes a key that nobody can try out: as many bits as the hashes that are signed with it. */
const fewestBits = 256;

/** Characters that each input adds to the alphabet; the first three are on unless switched off. */
const alphabet = [
  { input: "lower", characters: 26 },
  { input: "upper", characters: 26 },
  { input: "numeric", characters: 10 },
] as const;

export const randomSecretStrong = stackRule({
  name: "random-secret-strong",
  topic: "access",
  displayName: "Made-up secrets cannot be guessed",
  description: `A generated secret holds at least ${fewestBits} bits that nobody can predict.`,
  severity: "critical",
  ids: ["RET-019"],
  remediationSteps: `Give the RandomPassword a length of 43 letters and digits, which are ${fewestBits} bits.`,
  presence: randomPassword,
  evaluate: (stack) =>
    judged(
      judgeEach(
        stack.ofType(randomPassword),
        ({ urn }) => urn,
        (password) => {
          // Characters beside letters and digits are left out of the count: the provider lets them be restricted.
          const characters = alphabet
            .filter(({ input }) => optional(password, input) !== false)
            .reduce((sum, each) => sum + each.characters, 0);
          const bits = Math.floor(requiredNumber(password, "length") * Math.log2(Math.max(characters, 1)));
          if (bits >= fewestBits) return [];
          return [violation(password.urn, `length must give ${fewestBits} bits, found ${bits}`)];
        },
      ),
    ),
});
