'use strict';

const { compileFunction } = require('node:vm');
const { default: Runtime } = require('jest-runtime');

/** The compiled modules of this worker, by path. A module is executed again for every test file, so it shares no state. */
const compiled = new Map();

/** Returns a module as a function, which is compiled when its first test file needs it. */
function compile(source, filename, parameters) {
  const known = compiled.get(filename);
  if (known?.source === source) return known.body;
  const body = compileFunction(source, parameters, { filename });
  compiled.set(filename, { source, body });
  return body;
}

/**
 * Jest's runtime for one-realm-environment.cjs. Jest compiles and executes every module again for every test file, in a
 * separate V8 context; for this project that took 0.4 s per test file. Here our modules are compiled once per worker, and
 * packages that need no transform are loaded by Node.js, once per worker. Packages must therefore not be mocked as a whole:
 * mock a client or a method instead.
 */
module.exports = class OneRealmRuntime extends Runtime {
  constructor(config, ...others) {
    super(config, ...others);
    const { executor } = this;
    if (typeof executor?.compile !== 'function')
      throw new Error('jest-runtime has changed: it has no executor.compile');
    executor.compile = (source, filename) => compile(source, filename, executor.injectedModuleParameters);
    this.isUntransformed = new RegExp(config.transformIgnorePatterns.join('|'));
  }

  requireModule(from, name, options, isRequireActual) {
    if (name !== undefined && options?.isInternalModule !== true && !this._resolution.isCoreModule(name)) {
      const path = this._resolution.resolveCjs(from, name);
      if (this.isUntransformed.test(path)) return require(path);
    }
    return super.requireModule(from, name, options, isRequireActual);
  }
};
