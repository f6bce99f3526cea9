#!/usr/bin/env node
// The command as npm links it; tsx compiles the TypeScript sources as they load.
require('tsx/cjs');
require('../cli/carbon-exports.ts');
