// Command pulumi-resource-kubernetes is the Kubernetes provider of Pulumi, built from its Go module. Its main package
// cannot be built from the module: the two files that it embeds are looked up in the module and copied here.
package main

import (
	_ "embed"

	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/provider"
	"github.com/pulumi/pulumi-kubernetes/provider/v4/pkg/version"
)

//go:embed schema.json
var schema []byte

//go:embed terraform-mapping.json
var terraformMapping []byte

func main() {
	provider.Serve("kubernetes", version.Version, schema, terraformMapping)
}
