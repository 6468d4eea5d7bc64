#!/usr/bin/env node
// Old syntax on purpose: a Node below the floor must still parse this file and say what is wrong.
"use strict";

require("./set-up/node-floor.cjs").requireNode();
require("./set-up/index.cjs").runAfterSetUp(() => {
  require("../dist/cli/main.js");
});
