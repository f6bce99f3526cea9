import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import aslValidator, { type StateMachine } from 'asl-validator';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseSettings } from '../../infra/settings';
import { createStacks } from '../../infra/stacks';

/** The definition with a made-up ARN wherever the template refers to a resource. */
function definition(): StateMachine {
  const cdkJson = join(__dirname, '..', '..', 'cdk.json');
  const { context } = JSON.parse(readFileSync(cdkJson, 'utf8')) as { context: Record<string, unknown> };
  const app = new App({ context: { ...context, 'aws:cdk:bundling-stacks': [] } });
  const template = Template.fromStack(createStacks(app, parseSettings({})).pipeline);
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  const text = (
    machine as { Properties: { DefinitionString: { 'Fn::Join': [string, unknown[]] } } }
  ).Properties.DefinitionString['Fn::Join'][1]
    .map((part) => (typeof part === 'string' ? part : 'arn:aws:lambda:us-east-1:111111111111:function:any'))
    .join('');
  return JSON.parse(text) as StateMachine;
}

test('the definition is valid Amazon States Language', () => {
  const { isValid, errors } = aslValidator(definition());
  expect(errors).toEqual([]);
  expect(isValid).toBe(true);
});

test('the validator would notice a step that leads nowhere', () => {
  const broken = definition() as StateMachine & { StartAt: string };
  expect(aslValidator({ ...broken, StartAt: 'Nowhere' }).isValid).toBe(false);
});
