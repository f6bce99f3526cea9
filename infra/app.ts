import { App } from 'aws-cdk-lib';
import { settingsOf } from './settings';
import { createStacks } from './stacks';

const app = new App();
createStacks(app, settingsOf(app.node));
app.synth();
