// Package tools pins the server that `switchyard` builds when no release of it can be downloaded.
package tools

import _ "github.com/prometheus/prometheus/cmd/prometheus"
