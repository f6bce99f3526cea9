/*
 * The tests of the stacks in one Jest module, because Jest isolates modules from each other: so every configuration is
 * synthesized once for all of them.
 */
import './carbon-exports.cases';
import './catalog-stack.cases';
import './lock-release.cases';
import './messages.cases';
import './month-athena.cases';
import './monitoring-stack.cases';
import './permissions.cases';
import './pipeline-stack.cases';
import './released.cases';
import './state-machine.cases';
import './storage-stack.cases';
import './suppressed-checks.cases';
