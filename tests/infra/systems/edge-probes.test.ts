import assert from "node:assert/strict";
import { environments } from "../../../runbooks/model";
import { ofType } from "../support/query";
import type { Rendered } from "../support/render";
import { unwrapped } from "../support/secrets";
import { renderedStack } from "../support/stack-rendering";

interface Route {
  readonly hostnames: readonly string[];
  readonly rules: readonly {
    readonly matches: readonly { readonly path: { readonly type: string; readonly value: string } }[];
    readonly filters?: readonly {
      readonly urlRewrite: { readonly path: { readonly replaceFullPath: string } };
    }[];
    readonly backendRefs: readonly { readonly name: string }[];
  }[];
}

interface Track {
  readonly target: {
    readonly kind: string;
    readonly service?: string;
    readonly hostnames?: readonly string[];
  };
}

function inputsOf<T>({ resources }: Rendered, type: string): readonly T[] {
  return resources
    .filter((each) => each.type.endsWith(`:${type}`))
    .map(({ inputs }) => unwrapped(inputs) as T);
}

/** What Front Door asks to see that a site is well: the host is the origin's own, which is the gateway's. */
function probesOf(rendered: Rendered) {
  const origins = ofType(rendered, "cdn:AFDOrigin").map(({ inputs }) => inputs);
  return ofType(rendered, "cdn:AFDOriginGroup").map(({ inputs }) => {
    const site = inputs.originGroupName as string;
    const origin = origins.find(({ originGroupName }) => originGroupName === site)!;
    const { probePath } = inputs.healthProbeSettings as { probePath: string };
    return { site, host: origin.hostName as string, path: probePath };
  });
}

for (const environment of environments) {
  describe(`the probes of the edge in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    before(async () => {
      rendered = await renderedStack(environment);
    });

    it("each meet a route of the gateway that leads to what is live of the site (docs/adr/0143)", () => {
      const routes = inputsOf<{ spec: Route }>(rendered, "HTTPRoute").map(({ spec }) => spec);
      const tracks = inputsOf<Track>(rendered, "Track").map(({ target }) => target);
      const shared = probesOf(rendered).filter(({ host }) => host.startsWith("gateway."));
      assert.equal(shared.length, 3);
      const byWeights: string[] = [];
      for (const { site, host, path } of shared) {
        const [rule, ...others] = routes
          .filter(({ hostnames }) => hostnames.includes(host))
          .flatMap(({ rules }) => rules)
          .filter(({ matches }) =>
            matches.some((match) => match.path.type === "Exact" && match.path.value === path),
          );
        if (rule === undefined) {
          byWeights.push(site);
          continue;
        }
        assert.deepEqual(others, [], "sites share the gateway: a path leads to one of them");
        assert.match(rule.filters?.[0]?.urlRewrite.path.replaceFullPath ?? "", /^\//);
        const [backend, ...more] = rule.backendRefs;
        assert.deepEqual(more, []);
        assert.ok(
          tracks.some((target) => target.service === backend!.name),
          `${site}: ${backend!.name} is moved by no release`,
        );
      }
      assert.equal(byWeights.length, 1);
      const weighted = tracks.filter(({ kind }) => kind === "gateway");
      assert.equal(weighted.length, 1, "whoever has no active Service is asked by its own route");
      assert.ok(weighted[0]!.hostnames!.includes(shared[0]!.host));
    });
  });
}
