import { App } from 'aws-cdk-lib';
import { createStacks } from './stacks';
import { settingsOf } from './settings';

const app = new App();
createStacks(app, settingsOf(app.node));
app.synth();
