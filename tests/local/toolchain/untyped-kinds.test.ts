import assert from "node:assert/strict";
import { SourceUnavailable } from "../../../local/toolchain/source-unavailable";
import { untypedResource, withoutGoTypes } from "../../../local/toolchain/tools/untyped-kinds";

const table = `package v2

import (
\t"fmt"

\tappsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
\t"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apiextensions"
\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func RegisterResource() {
\tcase "apps/v1/Deployment":
\t\tvar res appsv1.Deployment
\t\terr := ctx.RegisterResource("kubernetes:apps/v1:Deployment", name, props, &res, opts...)
\tdefault:
\t\tvar res apiextensions.CustomResource
}
`;

describe("the Kubernetes provider's table of kinds", () => {
  it("registers every kind by its token, without the Go types of the SDK", () => {
    const untyped = withoutGoTypes(table);
    assert.doesNotMatch(untyped, /pulumi-kubernetes\/sdk|appsv1|apiextensions\./);
    assert.equal(untyped.match(/var res untypedResource$/gm)?.length, 2);
    assert.match(untyped, /"fmt"[^)]*"github\.com\/pulumi\/pulumi\/sdk\/v3\/go\/pulumi"\n\)/);
    assert.match(
      untyped,
      /RegisterResource\("kubernetes:apps\/v1:Deployment", name, props, &res, opts\.\.\.\)/,
    );
    assert.ok(untyped.endsWith(`${untypedResource}\n`));
  });

  it("of another form is refused, so that nothing is built from what was not understood", () => {
    assert.throws(() => withoutGoTypes("package v2\n"), SourceUnavailable);
  });
});
