// Package tools pins the command that `switchyard` builds when no release of it can be downloaded.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
