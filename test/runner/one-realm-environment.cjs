'use strict';

const { LegacyFakeTimers, ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

/** Fields of globalThis and process that Jest or a test file may replace. */
const REPLACED = [
  [globalThis, 'console'],
  [process, 'env'],
  [process, 'exit'],
];

/**
 * A test environment without a separate V8 context: test files share the globals and the packages of their worker, so
 * `instanceof` holds between them, a global costs no interceptor, and a package is loaded once per worker. What a test
 * file adds to globalThis, and what it replaces of {@link REPLACED}, is undone after it.
 */
module.exports = class OneRealmEnvironment {
  constructor({ projectConfig: config }) {
    // jest-circus adds the handlers of a test file to those that it finds.
    Reflect.deleteProperty(globalThis, Symbol.for('EVENT_HANDLERS'));
    this.globalsBefore = new Set(Reflect.ownKeys(globalThis));
    this.replaced = REPLACED.map(([owner, name]) => ({ owner, name, value: owner[name] }));
    process.env = { ...process.env };
    const global = globalThis;
    this.global = global;
    this.moduleMocker = new ModuleMocker(global);
    const timerConfig = { idToRef: (timer) => timer, refToId: (timer) => timer };
    this.fakeTimers = new LegacyFakeTimers({ config, global, moduleMocker: this.moduleMocker, timerConfig });
    this.fakeTimersModern = new ModernFakeTimers({ config, global });
  }

  async setup() {
    // Nothing to set up: the constructor is early enough.
  }

  async teardown() {
    this.fakeTimers.dispose();
    this.fakeTimersModern.dispose();
    for (const { owner, name, value } of this.replaced) owner[name] = value;
    for (const key of Reflect.ownKeys(globalThis)) {
      if (!this.globalsBefore.has(key)) Reflect.deleteProperty(globalThis, key);
    }
  }

  exportConditions() {
    return ['node', 'node-addons'];
  }

  /** Jest only checks that there is one: see one-realm-runtime.cjs. */
  getVmContext() {
    return globalThis;
  }
};
