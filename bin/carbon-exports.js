#!/usr/bin/env node
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const program = join(__dirname, '..', 'dist', 'carbon-exports.js');
if (existsSync(program)) require(program);
else {
  console.error(
    `${program}: found no such file, expected the compiled command; build it with: npm run build`,
  );
  process.exitCode = 2;
}
