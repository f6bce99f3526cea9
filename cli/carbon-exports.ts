import { exitWith, main } from './main';

// The AWS SDK warns on Node.js 20 that its releases of 2027 will need 22. The pinned releases support 20.
process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';

exitWith(() => main(process.argv.slice(2)));
