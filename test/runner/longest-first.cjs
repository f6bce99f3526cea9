'use strict';

const { default: Sequencer } = require('@jest/test-sequencer');

/** Test files that take ten seconds and more, though some are short: at the end of a run they would keep one core idle. */
const LONG =
  /\/test\/(random-estates|pins|audit\/verify\/verify|fuzz\/fuzz|faults\/faults|field\/\w+|infra\/stacks|usage\/bills\/spellings)\.test\.ts$/;

/** Runs long test files first. Jest alone knows how long they take only after a run on the same machine. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const [long, others] = [true, false].map((isLong) =>
      sorted.filter(({ path }) => LONG.test(path) === isLong),
    );
    return [...long, ...others];
  }
};
