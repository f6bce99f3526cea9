/* global process, require -- CommonJS, as a bundled handler is loaded */
/* eslint-disable @typescript-eslint/no-require-imports */
// Runs one invocation of a bundled handler, as a fresh sandbox would: the event comes by a message, the result too.
const { argv } = process;
process.once('message', async ({ event }) => {
  const context = { functionName: argv[3], awsRequestId: argv[4], getRemainingTimeInMillis: () => 600000 };
  let answer;
  try {
    const { handler } = require(`${argv[2]}/index.js`);
    answer = { result: await handler(event, context) };
  } catch (error) {
    answer = { errorType: error.name, errorMessage: error.message, trace: String(error.stack).split('\n') };
  }
  process.send({ ...answer, maxRssKb: process.resourceUsage().maxRSS }, () => process.exit(0));
});
